using System.Diagnostics;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>Runs a parsed template once: scopes, control flow, calls. Counts what it does against <see cref="TemplateLimits"/>.</summary>
internal sealed class TemplateRenderer(TemplateLimits limits, IReadOnlyDictionary<string, object?> globals)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private StringBuilder _output = new();
    private Scope _scope = new(null);
    private int _steps;
    private int _depth;

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public string Render(IReadOnlyList<Statement> body, IReadOnlyDictionary<string, object?> variables)
    {
        foreach (var (name, value) in variables) _scope.Values[name] = value;
        Run(body);
        return _output.ToString();
    }

    private Flow Run(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            var flow = Run(statement);
            if (flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }

    private Flow Run(Statement statement)
    {
        Count();
        switch (statement)
        {
            case Text text: Write(text.Value); break;
            case Output output: Write(TemplateText.Of(Evaluate(output.Value))); break;
            case If choice: return Run(TemplateValues.IsTrue(Evaluate(choice.Condition)) ? choice.Then : choice.Else);
            case For loop: return RunLoop(loop, Evaluate(loop.Source), 0);
            case Set set: Assign(set.Target, Evaluate(set.Value)); break;
            case SetBlock set: Assign(set.Target, Evaluate(set.Value, Capture(set.Body, new(_scope)))); break;
            case FilterBlock block: Write(TemplateText.Of(Evaluate(block.Value, Capture(block.Body, new(_scope))))); break;
            case Region region: return Within(new(_scope), () => Run(region.Body));
            case With with: return RunWith(with);
            case Macro macro: _scope.Values[macro.Id] = Define(macro); break;
            case CallBlock block:
                var call = (Call)block.Call;
                var arguments = Evaluate(call.Arguments);
                var named = new Dictionary<string, object?>(arguments.Named) { ["caller"] = Define(block.Caller) };
                Write(TemplateText.Of(Invoke(Evaluate(call.Target), arguments with { Named = named })));
                break;
            case Break: return Flow.Break;
            case Continue: return Flow.Continue;
        }
        return Flow.Next;
    }

    private Flow RunWith(With with)
    {
        var inner = new Scope(_scope);
        var values = with.Values.Select(pair => Evaluate(pair.Value)).ToList();
        return Within(inner, () =>
        {
            for (var i = 0; i < values.Count; i++) Assign(with.Values[i].Target, values[i]);
            return Run(with.Body);
        });
    }

    private Flow RunLoop(For loop, object? source, int depth)
    {
        Enter();
        var items = TemplateValues.Iterate(source);
        if (loop.Condition is not null) items = [.. items.Where(item => Within(new(_scope), () =>
        {
            Assign(loop.Target, item);
            return TemplateValues.IsTrue(Evaluate(loop.Condition));
        }))];
        var state = new LoopState(items, depth, loop.Recursive ? arguments => RenderNested(loop, arguments, depth + 1) : null);
        for (state.Index = 0; state.Index < items.Count; state.Index++)
        {
            var flow = Within(new(_scope), () =>
            {
                _scope.Values["loop"] = state;
                Assign(loop.Target, items[state.Index]);
                return Run(loop.Body);
            });
            if (flow == Flow.Break) break;
        }
        _depth--;
        return items.Count == 0 ? Run(loop.Else) : Flow.Next;
    }

    private string RenderNested(For loop, CallValues arguments, int depth)
    {
        var outer = _output;
        _output = new();
        RunLoop(loop, arguments.At(0, "iterable"), depth);
        (var text, _output) = (_output.ToString(), outer);
        return text;
    }

    private Callable Define(Macro macro)
    {
        var home = _scope;
        return arguments =>
        {
            Enter();
            var inner = new Scope(home);
            if (arguments.Positional.Count > macro.Parameters.Count && !macro.Uses.Contains("varargs"))
                throw TemplateException.Type($"macro '{macro.Id}' takes not more than {macro.Parameters.Count} argument(s)");
            foreach (var name in arguments.Named.Keys)
                if (!(name == "caller" ? macro.Uses.Contains("caller") : macro.Parameters.Any(parameter => parameter.Name == name) || macro.Uses.Contains("kwargs")))
                    throw TemplateException.Type($"macro '{macro.Id}' takes no keyword argument '{name}'");
            var text = Capture(macro.Body, inner, () =>
            {
                for (var i = 0; i < macro.Parameters.Count; i++)
                {
                    var (name, otherwise) = macro.Parameters[i];
                    inner.Values[name] = arguments.Has(i, name) ? arguments.At(i, name)
                        : otherwise is not null ? Evaluate(otherwise)
                        : new Undefined($"parameter '{name}' was not provided");
                }
                inner.Values["caller"] = arguments.Named.GetValueOrDefault("caller", new Undefined("'caller' is undefined"));
                inner.Values["varargs"] = new JinjaTuple([.. arguments.Positional.Skip(macro.Parameters.Count)]);
                var extra = new JinjaDict();
                foreach (var (name, value) in arguments.Named)
                    if (name != "caller" && macro.Parameters.All(parameter => parameter.Name != name)) extra[name] = value;
                inner.Values["kwargs"] = extra;
            });
            _depth--;
            return text;
        };
    }

    private string Capture(IReadOnlyList<Statement> body, Scope inner, Action? before = null)
    {
        var outer = _output;
        _output = new();
        Within(inner, () =>
        {
            before?.Invoke();
            return Run(body);
        });
        (var text, _output) = (_output.ToString(), outer);
        return text;
    }

    private T Within<T>(Scope inner, Func<T> action)
    {
        (var outer, _scope) = (_scope, inner);
        var result = action();
        _scope = outer;
        return result;
    }

    private void Assign(Target target, object? value)
    {
        switch (target)
        {
            case NameTarget name: _scope.Values[name.Id] = value; break;
            case NamespaceTarget member:
                if (_scope.Find(member.Id, globals) is not JinjaNamespace space) throw new TemplateException("TemplateRuntimeError", $"cannot assign attribute '{member.Attribute}' on a value that is no namespace");
                space.Values[member.Attribute] = value;
                break;
            case TupleTarget tuple:
                if (value is Undefined undefined) throw undefined.Error;
                var items = TemplateValues.Iterate(value);
                if (items.Count != tuple.Items.Count) throw new TemplateException("ValueError", $"{tuple.Items.Count} values are wanted, not {items.Count}");
                for (var i = 0; i < items.Count; i++) Assign(tuple.Items[i], items[i]);
                break;
        }
    }

    private object? Evaluate(Expression expression, string? captured = null)
    {
        Count();
        switch (expression)
        {
            case Literal literal: return literal.Value;
            case Captured: return captured;
            case Name name: return _scope.Find(name.Id, globals);
            case ListLiteral list: return list.Items.Select(item => Evaluate(item)).ToList();
            case TupleLiteral tuple: return new JinjaTuple([.. tuple.Items.Select(item => Evaluate(item))]);
            case DictLiteral dict:
                var values = new JinjaDict();
                foreach (var (key, value) in dict.Items) values[TemplateValues.ToKey(Evaluate(key))] = Evaluate(value);
                return values;
            case Attribute attribute: return TemplateMembers.Attribute(Evaluate(attribute.Target), attribute.Id);
            case Item item: return TemplateMembers.Item(Evaluate(item.Target), Evaluate(item.Key));
            case Slice slice: return TemplateMembers.Slice(Evaluate(slice.Target), EvaluateOrNull(slice.Start), EvaluateOrNull(slice.Stop), EvaluateOrNull(slice.Step));
            case Call call: return Invoke(Evaluate(call.Target), Evaluate(call.Arguments));
            case Filter filter: return Bound(TemplateFilters.Apply(filter.Id, Evaluate(filter.Target, captured), Evaluate(filter.Arguments), this));
            case Test test: return TemplateTests.Holds(test.Id, Evaluate(test.Target), Evaluate(test.Arguments)) != test.Negated;
            case Unary unary: return TemplateOperators.Unary(unary.Operator, Evaluate(unary.Operand));
            case Binary { Operator: "and" } both:
                var left = Evaluate(both.Left);
                return TemplateValues.IsTrue(left) ? Evaluate(both.Right) : left;
            case Binary { Operator: "or" } either:
                var first = Evaluate(either.Left);
                return TemplateValues.IsTrue(first) ? first : Evaluate(either.Right);
            case Binary binary: return Bound(TemplateOperators.Binary(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right), limits));
            case Comparison comparison: return Compare(comparison);
            case Conditional conditional:
                return TemplateValues.IsTrue(Evaluate(conditional.Condition)) ? Evaluate(conditional.Then)
                    : conditional.Else is not null ? Evaluate(conditional.Else)
                    : new Undefined("the inline if-expression evaluated to false and no else section was defined");
            default: throw new UnreachableException();
        }
    }

    private object? EvaluateOrNull(Expression? expression) => expression is null ? null : Evaluate(expression);

    private CallValues Evaluate(Arguments arguments) => ReferenceEquals(arguments, Arguments.None)
        ? TemplateFilters.NoArguments
        : new(arguments.Positional.Select(value => Evaluate(value)).ToList(), arguments.Named.ToDictionary(pair => pair.Name, pair => Evaluate(pair.Value), StringComparer.Ordinal));

    private bool Compare(Comparison comparison)
    {
        var left = Evaluate(comparison.Left);
        foreach (var (op, expression) in comparison.Others)
        {
            var right = Evaluate(expression);
            if (!TemplateOperators.Compare(op, left, right)) return false;
            left = right;
        }
        return true;
    }

    private object? Invoke(object? target, CallValues arguments) => target switch
    {
        Callable callable => Bound(callable(arguments)),
        LoopState { Recurse: { } recurse } => recurse(arguments),
        Undefined undefined => throw undefined.Error,
        _ => throw TemplateException.Type($"'{TemplateValues.TypeName(target)}' object is not callable"),
    };

    /// <summary>Lets a filter use a test or another filter by name, counted like any other work.</summary>
    internal object? ApplyFilter(string id, object? value, CallValues arguments)
    {
        Count();
        return TemplateFilters.Apply(id, value, arguments, this);
    }

    private object? Bound(object? value) => value switch
    {
        string text when text.Length > limits.Output => throw TemplateException.Limit($"a string grew over {limits.Output} characters"),
        List<object?> list when list.Count > limits.Elements => throw TemplateException.Limit($"a list grew over {limits.Elements} elements"),
        _ => value,
    };

    private void Write(string text)
    {
        if (_output.Length + text.Length > limits.Output) throw TemplateException.Limit($"the output grew over {limits.Output} characters");
        _output.Append(text);
    }

    private void Enter()
    {
        if (++_depth > limits.Depth) throw TemplateException.Limit($"calls and loops are nested deeper than {limits.Depth}");
    }

    private void Count()
    {
        if (++_steps > limits.Steps) throw TemplateException.Limit($"the template took more than {limits.Steps} steps");
        if ((_steps & 255) == 0 && Stopwatch.GetElapsedTime(_started) > limits.Time) throw TemplateException.Limit($"the template took longer than {limits.Time.TotalMilliseconds} ms");
    }
}

/// <summary>Names visible at one place; a loop body, macro or block has its own on top of the outer ones.</summary>
internal sealed class Scope(Scope? outer)
{
    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    public object? Find(string name, IReadOnlyDictionary<string, object?> globals)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope.Values.TryGetValue(name, out var value)) return value;
        return globals.TryGetValue(name, out var global) ? global : new Undefined($"'{name}' is undefined");
    }

    private Scope? Outer { get; } = outer;
}

/// <summary>The <c>loop</c> variable.</summary>
internal sealed class LoopState(IReadOnlyList<object?> items, int depth, Callable? recurse)
{
    private object? _changed = new();

    public int Index { get; set; }

    public Callable? Recurse { get; } = recurse;

    public object? Get(string name) => name switch
    {
        "index" => (long)Index + 1,
        "index0" => (long)Index,
        "revindex" => (long)items.Count - Index,
        "revindex0" => (long)items.Count - Index - 1,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "depth" => (long)depth + 1,
        "depth0" => (long)depth,
        "previtem" => Index > 0 ? items[Index - 1] : new Undefined("there is no previous item"),
        "nextitem" => Index < items.Count - 1 ? items[Index + 1] : new Undefined("there is no next item"),
        "cycle" => (Callable)(arguments => arguments.Positional.Count == 0 ? throw TemplateException.Type("no items for cycling given") : arguments.Positional[Index % arguments.Positional.Count]),
        "changed" => (Callable)(arguments => Changed(new JinjaTuple([.. arguments.Positional]))),
        _ => new Undefined($"'LoopContext object' has no attribute '{name}'"),
    };

    private bool Changed(JinjaTuple values)
    {
        var same = TemplateValues.AreEqual(_changed, values);
        _changed = values;
        return !same;
    }
}
