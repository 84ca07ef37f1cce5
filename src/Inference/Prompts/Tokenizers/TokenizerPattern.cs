using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>A pattern of a tokenizer file: literal text, or a regular expression in Oniguruma's dialect. Runs on <see cref="AlignedText.Masked"/> within a time limit, because the file is a stranger's.</summary>
internal sealed class TokenizerPattern
{
    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(250);
    private const int MaxLength = 20_000;

    private readonly Regex _regex;

    private TokenizerPattern(string pattern)
    {
        if (pattern.Length > MaxLength) throw new TokenizerException($"a pattern is longer than {MaxLength} characters");
        try
        {
            _regex = new(pattern, RegexOptions.CultureInvariant, _limit);
        }
        catch (ArgumentException broken)
        {
            throw new TokenizerException($"a pattern cannot be read: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    public static TokenizerPattern Of(string regex) => new(ToDotNet(regex));

    public static TokenizerPattern Literal(string text) => new(Regex.Escape(AlignedText.From(text).Masked));

    public static TokenizerPattern Read(JsonElement pattern) => pattern switch
    {
        { ValueKind: JsonValueKind.Object } when pattern.TryGetProperty("String", out var text) && text.ValueKind == JsonValueKind.String => Literal(text.GetString() ?? ""),
        { ValueKind: JsonValueKind.Object } when pattern.TryGetProperty("Regex", out var regex) && regex.ValueKind == JsonValueKind.String => Of(regex.GetString() ?? ""),
        { ValueKind: JsonValueKind.String } => Literal(pattern.GetString() ?? ""),
        _ => throw new TokenizerException("a pattern is neither a String nor a Regex"),
    };

    /// <summary>Non-empty matches, in order, as start and length in code points.</summary>
    public List<(int Start, int Length)> Matches(AlignedText text)
    {
        var matches = new List<(int, int)>();
        try
        {
            foreach (var match in _regex.EnumerateMatches(text.Masked))
                if (match.Length > 0) matches.Add((match.Index, match.Length));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TokenizerException($"a pattern of the tokenizer took longer than {_limit.TotalMilliseconds} ms on this text");
        }
        return matches;
    }

    /// <summary>Possessive quantifiers become atomic groups; <c>\h</c>, <c>\z</c> and POSIX classes their .NET forms.</summary>
    private static string ToDotNet(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var atom = 0;
        var groups = new Stack<int>();
        var inClass = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                if (inClass == 0) atom = result.Length;
                i = CopyEscape(pattern, i, result);
            }
            else if (inClass > 0)
            {
                if (c == '[' && pattern.AsSpan(i).StartsWith("[:")) i = CopyPosix(pattern, i, result);
                else
                {
                    result.Append(c == '[' ? "\\[" : c.ToString());
                    if (c == ']') inClass = 0;
                }
            }
            else if (c == '[')
            {
                atom = result.Length;
                inClass = 1;
                result.Append(c);
                if (i + 1 < pattern.Length && pattern[i + 1] == '^') result.Append(pattern[++i]);
                if (i + 1 < pattern.Length && pattern[i + 1] == ']') result.Append('\\').Append(pattern[++i]);
            }
            else if (c == '(')
            {
                groups.Push(result.Length);
                result.Append(c);
            }
            else if (c == ')')
            {
                atom = groups.Count > 0 ? groups.Pop() : result.Length;
                result.Append(c);
            }
            else if (c is '?' or '*' or '+' or '{')
            {
                var end = c == '{' ? pattern.IndexOf('}', i) : i;
                if (end < 0) end = i;
                var possessive = end + 1 < pattern.Length && pattern[end + 1] == '+';
                if (possessive) result.Insert(atom, "(?>");
                result.Append(pattern, i, end - i + 1);
                if (possessive) result.Append(')');
                i = possessive ? end + 1 : end;
            }
            else
            {
                atom = result.Length;
                result.Append(c);
            }
        }
        return result.ToString();
    }

    private static int CopyEscape(string pattern, int i, StringBuilder result)
    {
        var letter = pattern[i + 1];
        if (letter is 'p' or 'P' && i + 2 < pattern.Length && pattern[i + 2] == '{' && pattern.IndexOf('}', i) is var close and > 0)
        {
            var name = pattern[(i + 3)..close];
            var negated = name.StartsWith('^');
            result.Append('\\').Append(negated == (letter == 'p') ? 'P' : 'p').Append('{').Append(DotNetClass(name.TrimStart('^'))).Append('}');
            return close;
        }
        if (letter == 'p' && i + 2 < pattern.Length && char.IsLetter(pattern[i + 2]))
        {
            result.Append("\\p{").Append(pattern[i + 2]).Append('}');
            return i + 2;
        }
        if (letter == 'x' && i + 2 < pattern.Length && pattern[i + 2] == '{' && pattern.IndexOf('}', i) is var end and > 0)
        {
            result.Append("\\u").Append(pattern[(i + 3)..end].PadLeft(4, '0'));
            return end;
        }
        result.Append(letter switch
        {
            'h' => "[0-9a-fA-F]",
            'R' => "(?>\\r\\n|[\\n-\\r\\u0085\\u2028\\u2029])",
            _ => pattern.Substring(i, 2),
        });
        return i + 1;
    }

    private static string DotNetClass(string name) => name switch
    {
        "Han" or "Script=Han" => "IsCJKUnifiedIdeographs",
        "Letter" => "L",
        "Number" => "N",
        "Punctuation" or "punct" => "P",
        "Alpha" or "alpha" => "L",
        "Hiragana" => "IsHiragana",
        "Katakana" => "IsKatakana",
        "Hangul" => "IsHangulSyllables",
        "Cyrillic" => "IsCyrillic",
        "Greek" => "IsGreek",
        "Arabic" => "IsArabic",
        "Hebrew" => "IsHebrew",
        "Thai" => "IsThai",
        _ => name,
    };

    private static int CopyPosix(string pattern, int i, StringBuilder result)
    {
        var end = pattern.IndexOf(":]", i, StringComparison.Ordinal);
        if (end < 0) throw new TokenizerException("a POSIX class of a pattern is not closed");
        result.Append(pattern[(i + 2)..end] switch
        {
            "alpha" => "\\p{L}\\p{M}",
            "digit" => "\\p{Nd}",
            "alnum" => "\\p{L}\\p{M}\\p{Nd}",
            "space" => "\\s",
            "punct" => "\\p{P}$+<=>^`|~",
            "upper" => "\\p{Lu}",
            "lower" => "\\p{Ll}",
            "word" => "\\w",
            var other => throw new TokenizerException($"the POSIX class [:{other}:] of a pattern is not known"),
        });
        return end + 1;
    }
}
