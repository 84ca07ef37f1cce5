namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>Tokens to statements. Covers the statements that chat templates use; <c>include</c>, <c>import</c> and <c>extends</c> have nothing to load from and are refused.</summary>
internal sealed class TemplateParser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;
    private readonly int _maxDepth;
    private int _depth;
    private int _loops;

    private TemplateParser(string source, TemplateLimits limits)
    {
        _tokens = new(TemplateLexer.Read(source));
        _expressions = new(_tokens, limits.Depth);
        _maxDepth = limits.Depth;
    }

    public static IReadOnlyList<Statement> Parse(string source, TemplateLimits limits)
    {
        if (source.Length > limits.Source) throw TemplateException.Limit($"the template is longer than {limits.Source} characters");
        var parser = new TemplateParser(source, limits);
        var body = parser.ParseBody();
        if (parser._tokens.Current.Kind != TokenKind.End) throw parser._tokens.Unexpected();
        return body;
    }

    /// <summary>Statements up to a block tag named in <paramref name="ends"/>, whose name is left current.</summary>
    private List<Statement> ParseBody(params string[] ends)
    {
        if (++_depth > _maxDepth) throw TemplateException.Limit($"blocks are nested deeper than {_maxDepth}");
        var body = new List<Statement>();
        while (true)
        {
            switch (_tokens.Current.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Text(_tokens.Next().Text));
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    body.Add(new Output(_expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    _tokens.Next();
                    if (_tokens.Current.Kind != TokenKind.Name) throw _tokens.Unexpected();
                    if (ends.Contains(_tokens.Current.Text))
                    {
                        _depth--;
                        return body;
                    }
                    body.Add(ParseStatement());
                    break;
                case TokenKind.End when ends.Length == 0:
                    _depth--;
                    return body;
                default:
                    throw _tokens.Current.Kind == TokenKind.End
                        ? TemplateException.Syntax($"the template ends where '{string.Join("' or '", ends)}' is wanted", _tokens.Current.Line)
                        : _tokens.Unexpected();
            }
        }
    }

    private List<Statement> ParseBlock(string end)
    {
        _tokens.Expect(TokenKind.BlockEnd);
        var body = ParseBody(end);
        _tokens.Next();
        return body;
    }

    private Statement ParseStatement()
    {
        var tag = _tokens.Next();
        var statement = tag.Text switch
        {
            "if" => ParseIf(),
            "for" => ParseFor(),
            "set" => ParseSet(),
            "macro" => ParseMacro(),
            "call" => ParseCallBlock(),
            "filter" => ParseFilterBlock(),
            "with" => ParseWith(),
            "generation" => new Region(ParseBlock("endgeneration")),
            "block" => ParseNamedBlock(),
            "break" when _loops > 0 => new Break(),
            "continue" when _loops > 0 => new Continue(),
            _ => throw TemplateException.Syntax($"unknown tag '{tag.Text}'", tag.Line),
        };
        _tokens.Expect(TokenKind.BlockEnd);
        return statement;
    }

    /// <summary>Nothing extends a chat template: a block is what stands in it.</summary>
    private Region ParseNamedBlock()
    {
        var name = _tokens.Expect(TokenKind.Name).Text;
        var body = ParseBlock("endblock");
        _tokens.SkipName(name);
        return new(body);
    }

    private If ParseIf()
    {
        var condition = _expressions.ParseTuple(withConditional: false);
        _tokens.Expect(TokenKind.BlockEnd);
        var then = ParseBody("elif", "else", "endif");
        var tag = _tokens.Next();
        if (tag.Text == "elif") return new(condition, then, [ParseIf()]);
        return new(condition, then, tag.Text == "else" ? ParseBlock("endif") : []);
    }

    private For ParseFor()
    {
        var target = ParseTarget("in");
        _tokens.ExpectName("in");
        var source = _expressions.ParseTuple(withConditional: false, end: "recursive");
        var condition = _tokens.SkipName("if") ? _expressions.Parse() : null;
        var recursive = _tokens.SkipName("recursive");
        _tokens.Expect(TokenKind.BlockEnd);
        _loops++;
        var body = ParseBody("else", "endfor");
        _loops--;
        var otherwise = _tokens.Next().Text == "else" ? ParseBlock("endfor") : [];
        return new(target, source, condition, recursive, body, otherwise);
    }

    private Statement ParseSet()
    {
        var target = ParseTarget(null);
        if (_tokens.Skip("=")) return new Set(target, _expressions.ParseTuple());
        var value = _expressions.ParseFilters(new Captured());
        return new SetBlock(target, value, ParseBlock("endset"));
    }

    private Macro ParseMacro()
    {
        var name = _tokens.Expect(TokenKind.Name).Text;
        var parameters = ParseParameters();
        var (body, uses) = ParseMacroBody("endmacro");
        return new(name, parameters, body, uses);
    }

    private (List<Statement> Body, HashSet<string> Uses) ParseMacroBody(string end)
    {
        var (loops, outside) = (_loops, _expressions.Used);
        (_loops, _expressions.Used) = (0, new(StringComparer.Ordinal));
        var body = ParseBlock(end);
        var uses = _expressions.Used;
        outside.UnionWith(uses);
        (_loops, _expressions.Used) = (loops, outside);
        return (body, uses);
    }

    private CallBlock ParseCallBlock()
    {
        var parameters = _tokens.Current is { Kind: TokenKind.Operator, Text: "(" } ? ParseParameters() : [];
        var call = _expressions.Parse();
        if (call is not Call) throw TemplateException.Syntax("a call block needs a call", _tokens.Current.Line);
        var (body, uses) = ParseMacroBody("endcall");
        return new(new("caller", parameters, body, uses), call);
    }

    private List<(string, Expression?)> ParseParameters()
    {
        var parameters = new List<(string, Expression?)>();
        _tokens.Expect("(");
        while (!_tokens.Skip(")"))
        {
            if (parameters.Count > 0) _tokens.Expect(",");
            var name = _tokens.Expect(TokenKind.Name).Text;
            parameters.Add((name, _tokens.Skip("=") ? _expressions.Parse() : null));
        }
        return parameters;
    }

    private FilterBlock ParseFilterBlock()
    {
        var value = _expressions.ParseFilter(new Captured());
        return new(_expressions.ParseFilters(value), ParseBlock("endfilter"));
    }

    private With ParseWith()
    {
        var values = new List<(Target, Expression)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0) _tokens.Expect(",");
            var target = ParseTarget(null);
            _tokens.Expect("=");
            values.Add((target, _expressions.Parse()));
        }
        return new(values, ParseBlock("endwith"));
    }

    private Target ParseTarget(string? end)
    {
        var items = new List<Target>();
        var tuple = false;
        while (true)
        {
            if (items.Count > 0 && (_tokens.Current.Kind == TokenKind.BlockEnd || (end is not null && _tokens.IsName(end)))) break;
            items.Add(ParseOneTarget(end));
            if (!_tokens.Skip(",")) break;
            tuple = true;
        }
        return tuple ? new TupleTarget(items) : items[0];
    }

    private Target ParseOneTarget(string? end)
    {
        if (_tokens.Skip("("))
        {
            var inner = ParseTarget(end);
            _tokens.Expect(")");
            return inner;
        }
        var name = _tokens.Expect(TokenKind.Name);
        if (ExpressionParser.IsReserved(name.Text)) throw TemplateException.Syntax($"'{name.Text}' cannot be assigned to", name.Line);
        return _tokens.Skip(".") ? new NamespaceTarget(name.Text, _tokens.Expect(TokenKind.Name).Text) : new NameTarget(name.Text);
    }
}

/// <summary>A cursor over tokens.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Next() => _at < tokens.Count - 1 ? tokens[_at++] : tokens[_at];

    public bool IsName(string name) => Current.Kind == TokenKind.Name && Current.Text == name;

    public bool Is(string op) => Current.Kind == TokenKind.Operator && Current.Text == op;

    public bool Skip(string op)
    {
        if (!Is(op)) return false;
        Next();
        return true;
    }

    public bool SkipName(string name)
    {
        if (!IsName(name)) return false;
        Next();
        return true;
    }

    public void Expect(string op)
    {
        if (!Skip(op)) throw TemplateException.Syntax($"'{op}' is wanted where '{Current.Text}' stands", Current.Line);
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name)) throw TemplateException.Syntax($"'{name}' is wanted where '{Current.Text}' stands", Current.Line);
    }

    public Token Expect(TokenKind kind) => Current.Kind == kind ? Next() : throw Unexpected();

    public TemplateException Unexpected() => TemplateException.Syntax($"unexpected {Current.Kind} '{Current.Text}'", Current.Line);
}
