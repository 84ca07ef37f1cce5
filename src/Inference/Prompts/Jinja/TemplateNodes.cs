namespace ModelAtlas.Inference.Prompts.Jinja;

internal abstract record Expression;

internal sealed record Literal(object? Value) : Expression;

internal sealed record Name(string Id) : Expression;

internal sealed record ListLiteral(IReadOnlyList<Expression> Items) : Expression;

internal sealed record TupleLiteral(IReadOnlyList<Expression> Items) : Expression;

internal sealed record DictLiteral(IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression;

internal sealed record Attribute(Expression Target, string Id) : Expression;

internal sealed record Item(Expression Target, Expression Key) : Expression;

internal sealed record Slice(Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression;

internal sealed record Arguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static readonly Arguments None = new([], []);
}

internal sealed record Call(Expression Target, Arguments Arguments) : Expression;

internal sealed record Filter(Expression Target, string Id, Arguments Arguments) : Expression;

internal sealed record Test(Expression Target, string Id, Arguments Arguments, bool Negated) : Expression;

internal sealed record Unary(string Operator, Expression Operand) : Expression;

internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;

internal sealed record Comparison(Expression Left, IReadOnlyList<(string Operator, Expression Right)> Others) : Expression;

internal sealed record Conditional(Expression Condition, Expression Then, Expression? Else) : Expression;

/// <summary>Stands for what a filter block or block assignment collected.</summary>
internal sealed record Captured : Expression;

internal abstract record Statement;

internal sealed record Text(string Value) : Statement;

internal sealed record Output(Expression Value) : Statement;

internal sealed record If(Expression Condition, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Else) : Statement;

internal sealed record For(Target Target, Expression Source, Expression? Condition, bool Recursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else) : Statement;

internal sealed record Set(Target Target, Expression Value) : Statement;

internal sealed record SetBlock(Target Target, Expression Value, IReadOnlyList<Statement> Body) : Statement;

internal sealed record FilterBlock(Expression Value, IReadOnlyList<Statement> Body) : Statement;

internal sealed record With(IReadOnlyList<(Target Target, Expression Value)> Values, IReadOnlyList<Statement> Body) : Statement;

/// <param name="Uses">Names that its body reads: a macro takes further arguments only where it reads <c>varargs</c>, <c>kwargs</c> or <c>caller</c>.</param>
internal sealed record Macro(string Id, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, IReadOnlySet<string> Uses) : Statement;

internal sealed record CallBlock(Macro Caller, Expression Call) : Statement;

/// <summary>A region that only marks what the assistant said (<c>{% generation %}</c>).</summary>
internal sealed record Region(IReadOnlyList<Statement> Body) : Statement;

internal sealed record Break : Statement;

internal sealed record Continue : Statement;

/// <summary>What an assignment names: one variable, an attribute of a namespace, or several to unpack into.</summary>
internal abstract record Target;

internal sealed record NameTarget(string Id) : Target;

internal sealed record NamespaceTarget(string Id, string Attribute) : Target;

internal sealed record TupleTarget(IReadOnlyList<Target> Items) : Target;
