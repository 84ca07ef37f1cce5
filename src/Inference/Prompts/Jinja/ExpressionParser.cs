namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>The expression grammar of Jinja, with its order of precedence.</summary>
internal sealed class ExpressionParser(TokenReader tokens, int maxDepth)
{
    private int _depth;

    public static bool IsReserved(string name) => name is "true" or "false" or "none" or "True" or "False" or "None" or "and" or "or" or "not" or "in" or "is" or "if" or "else";

    /// <summary>Names that were read so far; whoever parses a macro clears it first.</summary>
    public HashSet<string> Used { get; set; } = new(StringComparer.Ordinal);

    public Expression Parse() => ParseConditional();

    /// <summary>One expression, or several with commas between as a tuple.</summary>
    public Expression ParseTuple(bool withConditional = true, string? end = null, bool explicitParentheses = false)
    {
        var items = new List<Expression>();
        var tuple = false;
        while (!AtTupleEnd(end))
        {
            items.Add(withConditional ? ParseConditional() : ParseOr());
            if (!tokens.Skip(",")) break;
            tuple = true;
        }
        if (tuple || (items.Count == 0 && explicitParentheses)) return new TupleLiteral(items);
        return items.Count == 1 ? items[0] : throw TemplateException.Syntax($"an expression is wanted where '{tokens.Current.Text}' stands", tokens.Current.Line);
    }

    private bool AtTupleEnd(string? end) =>
        tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || tokens.Is(")") || (end is not null && tokens.IsName(end));

    private Expression ParseConditional()
    {
        if (++_depth > maxDepth * 4) throw TemplateException.Limit("an expression is nested too deeply");
        var value = ParseOr();
        while (tokens.SkipName("if"))
        {
            var condition = ParseOr();
            value = new Conditional(condition, value, tokens.SkipName("else") ? ParseConditional() : null);
        }
        _depth--;
        return value;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.SkipName("or")) left = new Binary("or", left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.SkipName("and")) left = new Binary("and", left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        var negations = 0;
        while (tokens.SkipName("not")) negations++;
        var value = ParseComparison();
        for (; negations > 0; negations--) value = new Unary("not", value);
        return value;
    }

    private Expression ParseComparison()
    {
        var left = ParseSum();
        var others = new List<(string, Expression)>();
        while (true)
        {
            if (tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" }) others.Add((tokens.Next().Text, ParseSum()));
            else if (tokens.SkipName("in")) others.Add(("in", ParseSum()));
            else if (tokens.IsName("not") && tokens.Following is { Kind: TokenKind.Name, Text: "in" })
            {
                tokens.Next();
                tokens.Next();
                others.Add(("not in", ParseSum()));
            }
            else return others.Count == 0 ? left : new Comparison(left, others);
        }
    }

    private Expression ParseSum()
    {
        var left = ParseConcatenation();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" }) left = new Binary(tokens.Next().Text, left, ParseConcatenation());
        return left;
    }

    private Expression ParseConcatenation()
    {
        var left = ParseProduct();
        while (tokens.Skip("~")) left = new Binary("~", left, ParseProduct());
        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" }) left = new Binary(tokens.Next().Text, left, ParsePower());
        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseUnary(true);
        while (tokens.Skip("**")) left = new Binary("**", left, ParseUnary(true));
        return left;
    }

    private Expression ParseUnary(bool withFilter)
    {
        if (++_depth > maxDepth * 4) throw TemplateException.Limit("an expression is nested too deeply");
        var value = tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" }
            ? new Unary(tokens.Next().Text, ParseUnary(false))
            : ParsePrimary();
        value = ParsePostfix(value);
        _depth--;
        return withFilter ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParsePrimary()
    {
        var token = tokens.Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Literal(true),
                    "false" or "False" => new Literal(false),
                    "none" or "None" => new Literal(null),
                    _ when IsReserved(token.Text) => throw TemplateException.Syntax($"unexpected '{token.Text}'", token.Line),
                    _ => Named(token.Text),
                };
            case TokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == TokenKind.String) text += tokens.Next().Text;
                return new Literal(text);
            case TokenKind.Integer or TokenKind.Float:
                return new Literal(token.Value);
            case TokenKind.Operator when token.Text == "(":
                var inner = ParseTuple(explicitParentheses: true);
                tokens.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList();
            case TokenKind.Operator when token.Text == "{":
                return ParseDict();
            default:
                throw TemplateException.Syntax($"unexpected {token.Kind} '{token.Text}'", token.Line);
        }
    }

    private Name Named(string name)
    {
        Used.Add(name);
        return new(name);
    }

    private ListLiteral ParseList()
    {
        var items = new List<Expression>();
        while (!tokens.Skip("]"))
        {
            if (items.Count > 0)
            {
                tokens.Expect(",");
                if (tokens.Skip("]")) break;
            }
            items.Add(Parse());
        }
        return new(items);
    }

    private DictLiteral ParseDict()
    {
        var items = new List<(Expression, Expression)>();
        while (!tokens.Skip("}"))
        {
            if (items.Count > 0)
            {
                tokens.Expect(",");
                if (tokens.Skip("}")) break;
            }
            var key = Parse();
            tokens.Expect(":");
            items.Add((key, Parse()));
        }
        return new(items);
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (tokens.Skip("."))
            {
                var member = tokens.Next();
                value = member.Kind switch
                {
                    TokenKind.Name => new Attribute(value, member.Text),
                    TokenKind.Integer => new Item(value, new Literal(member.Value)),
                    _ => throw TemplateException.Syntax($"a name is wanted after '.', not '{member.Text}'", member.Line),
                };
            }
            else if (tokens.Skip("[")) value = ParseSubscript(value);
            else if (tokens.Is("(")) value = new Call(value, ParseArguments());
            else return value;
        }
    }

    private Expression ParseSubscript(Expression target)
    {
        var start = tokens.Is(":") ? null : Parse();
        if (tokens.Skip("]")) return new Item(target, start ?? new Literal(null));
        if (tokens.Is(","))
        {
            var items = new List<Expression> { start ?? new Literal(null) };
            while (tokens.Skip(",") && !tokens.Is("]")) items.Add(Parse());
            tokens.Expect("]");
            return new Item(target, new TupleLiteral(items));
        }
        tokens.Expect(":");
        var stop = tokens.Is("]") || tokens.Is(":") ? null : Parse();
        var step = tokens.Skip(":") && !tokens.Is("]") ? Parse() : null;
        tokens.Expect("]");
        return new Slice(target, start, stop, step);
    }

    private Arguments ParseArguments()
    {
        tokens.Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        while (!tokens.Skip(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                tokens.Expect(",");
                if (tokens.Skip(")")) break;
            }
            if (tokens.Current.Kind == TokenKind.Name && tokens.Following is { Kind: TokenKind.Operator, Text: "=" })
            {
                var name = tokens.Next().Text;
                tokens.Next();
                named.Add((name, Parse()));
            }
            else if (named.Count > 0) throw TemplateException.Syntax("a positional argument stands behind a named one", tokens.Current.Line);
            else positional.Add(Parse());
        }
        return new(positional, named);
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (tokens.Is("|")) value = ParseFilters(value);
            else if (tokens.IsName("is")) value = ParseTest(value);
            else if (tokens.Is("(")) value = new Call(value, ParseArguments());
            else return value;
        }
    }

    public Expression ParseFilters(Expression value)
    {
        while (tokens.Skip("|")) value = ParseFilter(value);
        return value;
    }

    public Expression ParseFilter(Expression value)
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.Skip(".")) name += "." + tokens.Expect(TokenKind.Name).Text;
        return new Filter(value, name, tokens.Is("(") ? ParseArguments() : Arguments.None);
    }

    private Test ParseTest(Expression value)
    {
        tokens.ExpectName("is");
        var negated = tokens.SkipName("not");
        var name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.Skip(".")) name += "." + tokens.Expect(TokenKind.Name).Text;
        if (tokens.Is("(")) return new(value, name, ParseArguments(), negated);
        var takesOne = tokens.Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float || tokens.Is("[") || tokens.Is("{")
            || (tokens.Current.Kind == TokenKind.Name && tokens.Current.Text is not ("else" or "or" or "and"));
        if (takesOne && tokens.IsName("is")) throw TemplateException.Syntax("several tests cannot be chained", tokens.Current.Line);
        return new(value, name, takesOne ? new([ParsePostfix(ParsePrimary())], []) : Arguments.None, negated);
    }
}
