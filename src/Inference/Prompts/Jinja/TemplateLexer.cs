using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

internal enum TokenKind
{
    Data,
    BlockBegin,
    BlockEnd,
    VariableBegin,
    VariableEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text, int Line, object? Value = null);

/// <summary>Source to tokens with <c>trim_blocks</c> and <c>lstrip_blocks</c>, as the reference environment of chat templates sets them.</summary>
internal sealed class TemplateLexer
{
    private static readonly string[] _operators =
        ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|", "=", "<", ">", ";"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;

    private TemplateLexer(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = source.EndsWith('\n') ? source[..^1] : source;
    }

    public static List<Token> Read(string source)
    {
        var lexer = new TemplateLexer(source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        var lineStarting = true;
        while (_at < _source.Length)
        {
            var begin = NextBegin(_at);
            if (begin < 0)
            {
                AddData(_source[_at..]);
                break;
            }
            var text = _source[_at..begin];
            var sign = begin + 2 < _source.Length ? _source[begin + 2] : ' ';
            var kind = _source[begin + 1];
            if (sign == '-') text = text.TrimEnd();
            else if (sign != '+' && kind != '{') text = StripLine(text, lineStarting);
            AddData(text, _source[_at..begin]);
            _at = begin + 2 + (sign is '-' or '+' ? 1 : 0);

            if (kind == '#') SkipComment();
            else if (kind == '%' && TryReadRaw()) { }
            else ReadTag(kind == '{');
            lineStarting = _at > 0 && _source[_at - 1] == '\n';
        }
        _tokens.Add(new(TokenKind.End, "", _line));
    }

    private int NextBegin(int from)
    {
        for (var i = from; i + 1 < _source.Length; i++)
            if (_source[i] == '{' && _source[i + 1] is '{' or '%' or '#') return i;
        return -1;
    }

    private static string StripLine(string text, bool lineStarting)
    {
        var start = text.LastIndexOf('\n') + 1;
        return (start > 0 || lineStarting) && text.AsSpan(start).IsWhiteSpace() ? text[..start] : text;
    }

    private void AddData(string text, string? consumed = null)
    {
        if (text.Length > 0) _tokens.Add(new(TokenKind.Data, text, _line));
        _line += (consumed ?? text).AsSpan().Count('\n');
    }

    private void SkipComment()
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw TemplateException.Syntax("a comment is not closed", _line);
        var sign = end > _at ? _source[end - 1] : ' ';
        Advance(end + 2);
        EndOfTag(sign);
    }

    private void EndOfTag(char sign)
    {
        if (sign == '-')
        {
            var i = _at;
            while (i < _source.Length && char.IsWhiteSpace(_source[i])) i++;
            Advance(i);
        }
        else if (sign != '+' && _at < _source.Length && _source[_at] == '\n') Advance(_at + 1);
    }

    private void Advance(int to)
    {
        _line += _source.AsSpan(_at, to - _at).Count('\n');
        _at = to;
    }

    /// <summary><c>{% raw %}…{% endraw %}</c>: what is between is text.</summary>
    private bool TryReadRaw()
    {
        var i = SkipSpace(_at);
        if (!Word(i, "raw")) return false;
        i = SkipSpace(i + 3);
        var trim = i < _source.Length && _source[i] == '-';
        if (trim) i++;
        if (!_source.AsSpan(i).StartsWith("%}")) return false;
        var bodyStart = i + 2;
        if (trim) while (bodyStart < _source.Length && char.IsWhiteSpace(_source[bodyStart])) bodyStart++;
        for (var tag = _source.IndexOf("{%", bodyStart, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var sign = tag + 2 < _source.Length ? _source[tag + 2] : ' ';
            var name = SkipSpace(tag + 2 + (sign is '-' or '+' ? 1 : 0));
            if (!Word(name, "endraw")) continue;
            var end = SkipSpace(name + 6);
            var endSign = end < _source.Length ? _source[end] : ' ';
            if (endSign is '-' or '+') end++;
            if (!_source.AsSpan(end).StartsWith("%}")) continue;
            var body = _source[bodyStart..tag];
            _tokens.Add(new(TokenKind.Data, sign == '-' ? body.TrimEnd() : sign == '+' ? body : StripLine(body, false), _line));
            Advance(end + 2);
            EndOfTag(endSign);
            return true;
        }
        throw TemplateException.Syntax("a raw block is not closed", _line);
    }

    private int SkipSpace(int i)
    {
        while (i < _source.Length && char.IsWhiteSpace(_source[i])) i++;
        return i;
    }

    private bool Word(int i, string word) =>
        _source.AsSpan(Math.Min(i, _source.Length)).StartsWith(word) && (i + word.Length >= _source.Length || !char.IsLetterOrDigit(_source[i + word.Length]));

    private void ReadTag(bool variable)
    {
        var close = variable ? "}}" : "%}";
        _tokens.Add(new(variable ? TokenKind.VariableBegin : TokenKind.BlockBegin, "", _line));
        var open = 0;
        while (true)
        {
            Advance(SkipSpace(_at));
            if (_at >= _source.Length) throw TemplateException.Syntax("a tag is not closed", _line);
            if (open == 0 && IsClose(close, out var sign) && !(variable && sign == '+'))
            {
                _tokens.Add(new(variable ? TokenKind.VariableEnd : TokenKind.BlockEnd, "", _line));
                Advance(_at + close.Length + (sign is '-' or '+' ? 1 : 0));
                if (!variable || sign == '-') EndOfTag(sign);
                return;
            }
            var token = ReadToken();
            if (token.Kind == TokenKind.Operator)
            {
                if (token.Text is "(" or "[" or "{") open++;
                else if (token.Text is ")" or "]" or "}" && --open < 0) throw TemplateException.Syntax($"unexpected '{token.Text}'", _line);
            }
            _tokens.Add(token);
        }
    }

    private bool IsClose(string close, out char sign)
    {
        sign = _source[_at] is '-' or '+' && _source.AsSpan(_at + 1).StartsWith(close) ? _source[_at] : ' ';
        return sign != ' ' || _source.AsSpan(_at).StartsWith(close);
    }

    private Token ReadToken()
    {
        var c = _source[_at];
        if (c is '"' or '\'') return ReadString(c);
        if (char.IsAsciiDigit(c)) return ReadNumber();
        if (char.IsLetter(c) || c == '_')
        {
            var end = _at;
            while (end < _source.Length && (char.IsLetterOrDigit(_source[end]) || _source[end] == '_')) end++;
            var name = _source[_at..end];
            _at = end;
            return new(TokenKind.Name, name, _line);
        }
        foreach (var op in _operators)
        {
            if (!_source.AsSpan(_at).StartsWith(op)) continue;
            _at += op.Length;
            return new(TokenKind.Operator, op, _line);
        }
        throw TemplateException.Syntax($"unexpected character '{c}'", _line);
    }

    private Token ReadNumber()
    {
        var end = _at;
        while (end < _source.Length && (char.IsAsciiLetterOrDigit(_source[end]) || _source[end] == '_'
            || (_source[end] == '.' && end + 1 < _source.Length && char.IsAsciiDigit(_source[end + 1]))
            || (_source[end] is '+' or '-' && _source[end - 1] is 'e' or 'E' && !_source.AsSpan(_at).StartsWith("0x"))))
            end++;
        var text = _source[_at..end].Replace("_", "", StringComparison.Ordinal);
        _at = end;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)) return new(TokenKind.Integer, text, _line, integer);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out integer))
            return new(TokenKind.Integer, text, _line, integer);
        if (text.Length > 2 && text[0] == '0' && text[1] is 'b' or 'B' or 'o' or 'O' && TemplateFilters.WholeText(text, text[1] is 'b' or 'B' ? 2 : 8) is long whole) return new(TokenKind.Integer, text, _line, whole);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) return new(TokenKind.Float, text, _line, real);
        throw TemplateException.Syntax($"'{text}' is not a number", _line);
    }

    private Token ReadString(char quote)
    {
        var line = _line;
        var text = new StringBuilder();
        for (_at++; _at < _source.Length; _at++)
        {
            var c = _source[_at];
            if (c == quote)
            {
                _at++;
                return new(TokenKind.String, text.ToString(), line, text.ToString());
            }
            if (c == '\n') _line++;
            if (c != '\\' || _at + 1 >= _source.Length) text.Append(c);
            else AppendEscape(text, _source[++_at]);
        }
        throw TemplateException.Syntax("a string is not closed", line);
    }

    private void AppendEscape(StringBuilder text, char c)
    {
        switch (c)
        {
            case 'n': text.Append('\n'); break;
            case 't': text.Append('\t'); break;
            case 'r': text.Append('\r'); break;
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case 'v': text.Append('\v'); break;
            case 'a': text.Append('\a'); break;
            case '\\' or '\'' or '"': text.Append(c); break;
            case '\n': break;
            case 'x': AppendCode(text, c, 2); break;
            case 'u': AppendCode(text, c, 4); break;
            case 'U': AppendCode(text, c, 8); break;
            case 'N': throw TemplateException.Syntax("characters by name are not known here", _line);
            case >= '0' and <= '7':
                var value = 0;
                var digits = 0;
                while (digits < 3 && _at < _source.Length && _source[_at] is >= '0' and <= '7')
                {
                    value = (value * 8) + _source[_at++] - '0';
                    digits++;
                }
                _at--;
                text.Append((char)value);
                break;
            default: text.Append('\\').Append(c); break;
        }
    }

    private void AppendCode(StringBuilder text, char letter, int digits)
    {
        if (_at + digits >= _source.Length
            || !int.TryParse(_source.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
            throw TemplateException.Syntax($"\\{letter} needs {digits} hexadecimal digits of a character", _line);
        _at += digits;
        if (code > 0xFFFF) text.Append(char.ConvertFromUtf32(code));
        else text.Append((char)code);
    }
}
