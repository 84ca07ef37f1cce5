using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>A regular expression in Oniguruma's dialect, which tokenizer files are written in, as one of .NET's.</summary>
internal sealed class OnigurumaSyntax
{
    private readonly string _pattern;
    private readonly StringBuilder _result;
    private readonly Stack<int> _groups = new();
    private int _at;
    private int _atom; // where in the result the last thing begins that a quantifier may follow

    /// <remarks>What lies above U+FFFF is masked as in the texts that the expression will see.</remarks>
    private OnigurumaSyntax(string pattern) => (_pattern, _result) = (AlignedText.From(pattern).Masked, new(pattern.Length + 16));

    public static string ToDotNet(string pattern)
    {
        var syntax = new OnigurumaSyntax(pattern);
        while (syntax._at < syntax._pattern.Length) syntax.Read();
        return syntax._result.ToString();
    }

    private void Read()
    {
        var letter = _pattern[_at];
        switch (letter)
        {
            case '\\' when _at + 1 < _pattern.Length:
                Atom(ReadEscape());
                break;
            case '[':
                _at++;
                Atom(ReadClass(0));
                break;
            case '(': ReadGroup(); break;
            case ')':
                _at++;
                _atom = _groups.Count > 0 ? _groups.Pop() : _result.Length;
                _result.Append(')');
                break;
            case '?' or '*' or '+': Repeat(letter.ToString(), 1, possessive: true); break;
            case '{' when Interval() is { } interval: Repeat(interval.Text, interval.Length, possessive: false); break;
            case '^': // behind each line feed, but not at the end of the text
                _at++;
                Atom("(?:\\A|(?<=\\n)(?!\\z))");
                break;
            case '$':
                _at++;
                Atom("(?=\\n|\\z)");
                break;
            default:
                _at++;
                Atom(letter is '{' or '}' ? "\\" + letter : letter.ToString());
                break;
        }
    }

    private void Atom(string text)
    {
        _atom = _result.Length;
        _result.Append(text);
    }

    /// <summary><c>+</c> behind a quantifier keeps what it took; behind an interval in braces it repeats.</summary>
    private void Repeat(string quantifier, int length, bool possessive)
    {
        _at += length;
        _result.Append(quantifier);
        if (Next('?')) _result.Append('?');
        else if (Next('+'))
        {
            _result.Insert(_atom, possessive ? "(?>" : "(?:").Append(possessive ? ")" : ")+");
        }
    }

    private bool Next(char wanted)
    {
        if (_at >= _pattern.Length || _pattern[_at] != wanted) return false;
        _at++;
        return true;
    }

    /// <summary><c>{2}</c>, <c>{2,}</c>, <c>{2,3}</c>, <c>{,3}</c>; any other brace is itself.</summary>
    private (string Text, int Length)? Interval()
    {
        var end = _pattern.IndexOf('}', _at);
        if (end < 0) return null;
        var parts = _pattern[(_at + 1)..end].Split(',');
        if (parts.Length > 2 || parts.All(part => part.Length == 0) || !parts.All(part => part.All(char.IsAsciiDigit))) return null;
        return (parts[0].Length == 0 ? "{0," + parts[1] + "}" : _pattern[_at..(end + 1)], end + 1 - _at);
    }

    private void ReadGroup()
    {
        if (_pattern.AsSpan(_at).StartsWith("(?#"))
        {
            var close = _pattern.IndexOf(')', _at);
            _at = close < 0 ? _pattern.Length : close + 1;
            return;
        }
        var start = _at++;
        if (Next('?'))
            while (_at < _pattern.Length && _pattern[_at] is 'i' or 'm' or 'x' or '-') _at++;
        _groups.Push(_result.Length);
        _result.Append(_pattern[start.._at].Replace('m', 's')); // there the letter lets a dot match a line feed
        _atom = _result.Length;
    }

    /// <summary>An escape outside a class, as something that a quantifier may follow.</summary>
    private string ReadEscape()
    {
        var letter = _pattern[_at + 1];
        if (ReadSet() is { } set) return set.Negated ? $"[^{set.Content}]" : $"[{set.Content}]";
        if (ReadCode() is { } code) return code;
        _at += 2;
        return letter switch
        {
            'R' => "(?>\\r\\n|[\\n-\\r\\u0085\\u2028\\u2029])",
            'X' => "(?>\\r\\n|\\P{M}\\p{M}*|\\p{M}+)",
            _ => "\\" + letter,
        };
    }

    /// <summary>An escape that stands for a set of characters: what a class would hold, and whether it is all others.</summary>
    private (string Content, bool Negated)? ReadSet()
    {
        var letter = _pattern[_at + 1];
        if (letter is 'p' or 'P')
        {
            var (start, end) = (_at + 2, _at + 3);
            if (start < _pattern.Length && _pattern[start] == '{') (start, end) = (start + 1, _pattern.IndexOf('}', start));
            if (end < start || end > _pattern.Length) throw new TokenizerException("a pattern has a \\p without a name");
            var name = _pattern[start..end];
            _at = end < _pattern.Length && _pattern[end] == '}' ? end + 1 : end;
            var negated = name.StartsWith('^');
            return (CharacterSets.Find(name.TrimStart('^')), negated == (letter == 'p'));
        }
        string? content = char.ToLowerInvariant(letter) switch
        {
            'd' => "\\d",
            's' => "\\s",
            'w' => CharacterSets.Word,
            'h' => CharacterSets.Hexadecimal,
            _ => null,
        };
        if (content is null) return null;
        _at += 2;
        return (content, char.IsAsciiLetterUpper(letter));
    }

    /// <summary><c>\x{1F600}</c>, <c>\x41</c>.</summary>
    private string? ReadCode()
    {
        if (_pattern[_at + 1] != 'x') return null;
        var (start, end) = (_at + 2, _at + 2);
        if (end < _pattern.Length && _pattern[end] == '{') (start, end) = (start + 1, _pattern.IndexOf('}', end));
        else while (end < _pattern.Length && end < start + 2 && char.IsAsciiHexDigit(_pattern[end])) end++;
        if (end <= start || !int.TryParse(_pattern.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
            throw new TokenizerException("a pattern has a \\x that names no character");
        _at = end < _pattern.Length && _pattern[end] == '}' ? end + 1 : end;
        return string.Create(CultureInfo.InvariantCulture, $"\\u{(code < 0x10000 ? code : CodePoints.StandIn(code)):X4}");
    }

    /// <summary>A class from behind its bracket on. Classes within it and intersections, which .NET lacks, become groups.</summary>
    private string ReadClass(int depth)
    {
        if (depth > 16) throw new TokenizerException("a pattern nests its classes deeper than 16");
        var negated = Next('^');
        var (operands, items, others, first) = (new List<string>(), new StringBuilder(), new List<string>(), _at);
        while (true)
        {
            if (_at >= _pattern.Length) throw new TokenizerException("a class of a pattern is not closed");
            if (_pattern[_at] == ']' && _at > first) break;
            if (_pattern.AsSpan(_at).StartsWith("&&"))
            {
                operands.Add(Union(items, others));
                items.Clear();
                others.Clear();
                _at += 2;
                first = _at;
            }
            else ReadItem(items, others, depth);
        }
        _at++;
        if (operands.Count == 0 && others.Count == 0) return $"[{(negated ? "^" : "")}{items}]";
        operands.Add(Union(items, others));
        var whole = string.Concat(operands[..^1].Select(operand => $"(?={operand})")) + operands[^1];
        return negated ? $"(?:(?!{whole})[\\s\\S])" : $"(?:{whole})";
    }

    private void ReadItem(StringBuilder items, List<string> others, int depth)
    {
        var letter = _pattern[_at];
        if (letter == '[' && ReadPosix() is { } posix) Add(posix);
        else if (letter == '[')
        {
            _at++;
            others.Add(ReadClass(depth + 1));
        }
        else if (letter == '\\' && _at + 1 < _pattern.Length)
        {
            if (ReadSet() is { } set) Add(set);
            else if (ReadCode() is { } code) items.Append(code);
            else
            {
                items.Append(_pattern, _at, 2);
                _at += 2;
            }
        }
        else
        {
            if (letter is ']' or '^' or '\\') items.Append('\\');
            items.Append(letter);
            _at++;
        }

        void Add((string Content, bool Negated) set)
        {
            if (set.Negated) others.Add($"[^{set.Content}]");
            else items.Append(set.Content);
            if (_at < _pattern.Length && _pattern[_at] == '-') // nothing to make a range of
            {
                items.Append("\\-");
                _at++;
            }
        }
    }

    private static string Union(StringBuilder items, List<string> others) => (items.Length, others) switch
    {
        (0, []) => "(?!)",
        (0, [var only]) => only,
        (_, []) => $"[{items}]",
        (0, _) => $"(?:{string.Join('|', others)})",
        _ => $"(?:[{items}]|{string.Join('|', others)})",
    };

    private (string Content, bool Negated)? ReadPosix()
    {
        if (!_pattern.AsSpan(_at).StartsWith("[:") || _pattern.IndexOf(":]", _at, StringComparison.Ordinal) is not (> 0 and var end)) return null;
        var name = _pattern[(_at + 2)..end];
        _at = end + 2;
        return (CharacterSets.Find(name.TrimStart('^')), name.StartsWith('^'));
    }
}
