using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>The methods of Python's <c>str</c> that templates call.</summary>
internal static class StringMethods
{
    private const int MaxPad = 10_000;

    public static Callable? Find(string text, string name) => name switch
    {
        "strip" => arguments => Trim(text, arguments, true, true),
        "lstrip" => arguments => Trim(text, arguments, true, false),
        "rstrip" => arguments => Trim(text, arguments, false, true),
        "split" => arguments => Split(text, arguments),
        "rsplit" => arguments => SplitFromEnd(text, arguments),
        "splitlines" => arguments => SplitLines(text, TemplateValues.IsTrue(arguments.At(0, "keepends"))),
        "startswith" => arguments => Any(arguments.At(0, "prefix"), prefix => Part(text, arguments).StartsWith(prefix, StringComparison.Ordinal)),
        "endswith" => arguments => Any(arguments.At(0, "suffix"), suffix => Part(text, arguments).EndsWith(suffix, StringComparison.Ordinal)),
        "replace" => arguments => Replace(text, arguments.Text(0, "old", ""), arguments.Text(1, "new", ""), arguments.Number(2, "count", -1)),
        "upper" => _ => LetterCase.Upper(text),
        "lower" => _ => LetterCase.Lower(text),
        "casefold" => _ => LetterCase.Lower(text).Replace("ß", "ss", StringComparison.Ordinal).Replace('ς', 'σ'),
        "capitalize" => _ => Capitalize(text),
        "title" => _ => Title(text),
        "swapcase" => _ => LetterCase.Swap(text),
        "join" => arguments => string.Join(text, TemplateValues.Iterate(arguments.At(0, "iterable")).Select(item =>
            item as string ?? throw TemplateException.Type($"sequence item: expected str instance, {TemplateValues.TypeName(item)} found"))),
        "find" => arguments => Position(text, arguments, last: false),
        "rfind" => arguments => Position(text, arguments, last: true),
        "index" or "rindex" => arguments => Position(text, arguments, last: name == "rindex") is var index and >= 0 ? index : throw new TemplateException("ValueError", "substring not found"),
        "count" => arguments => Count(Part(text, arguments), arguments.Text(0, "sub", "")),
        "format" => arguments => Format(text, arguments),
        "removeprefix" => arguments => arguments.Text(0, "prefix", "") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        "removesuffix" => arguments => arguments.Text(0, "suffix", "") is { Length: > 0 } suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        "partition" => arguments => Partition(text, arguments.Text(0, "sep", ""), false),
        "rpartition" => arguments => Partition(text, arguments.Text(0, "sep", ""), true),
        "zfill" => arguments => text.StartsWith('-') ? "-" + text[1..].PadLeft(Pad(arguments) - 1, '0') : text.PadLeft(Pad(arguments), '0'),
        "ljust" => arguments => text.PadRight(Pad(arguments), arguments.Text(1, "fillchar", " ")[0]),
        "rjust" => arguments => text.PadLeft(Pad(arguments), arguments.Text(1, "fillchar", " ")[0]),
        "center" => arguments => Center(text, Pad(arguments), arguments.Text(1, "fillchar", " ")[0]),
        "expandtabs" => arguments => ExpandTabs(text, (int)Math.Clamp(arguments.Number(0, "tabsize", 8), 0, 100)),
        "isdigit" => _ => All(text, rune => CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0),
        "isdecimal" => _ => All(text, Rune.IsDigit),
        "isnumeric" => _ => All(text, Rune.IsNumber),
        "isalpha" => _ => All(text, Rune.IsLetter),
        "isalnum" => _ => All(text, rune => Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune)),
        "isspace" => _ => All(text, Rune.IsWhiteSpace),
        "isascii" => _ => text.All(char.IsAscii),
        "isupper" => _ => LetterCase.IsUpper(text),
        "islower" => _ => LetterCase.IsLower(text),
        "istitle" => _ => text.Any(char.IsLetter) && Title(text) == text,
        "isidentifier" => _ => text.Length > 0 && !char.IsDigit(text[0]) && text.All(c => c == '_' || char.IsLetterOrDigit(c)),
        "isprintable" => _ => text.EnumerateRunes().All(rune => rune.Value == ' ' || TemplateText.IsPrintable(rune)),
        _ => null,
    };

    public static string Trim(string text, CallValues arguments, bool start, bool end)
    {
        var given = arguments.At(0, "chars");
        if (given is not (null or string)) throw TemplateException.Type("strip arg must be None or str");
        var set = (given as string)?.ToCharArray();
        if (start) text = set is null ? text.TrimStart() : set.Length == 0 ? text : text.TrimStart(set);
        if (end) text = set is null ? text.TrimEnd() : set.Length == 0 ? text : text.TrimEnd(set);
        return text;
    }

    private static List<object?> Split(string text, CallValues arguments)
    {
        var limit = arguments.Number(1, "maxsplit", -1);
        var count = limit < 0 ? int.MaxValue : (int)Math.Min(limit + 1, int.MaxValue);
        if (arguments.At(0, "sep") is string separator)
        {
            if (separator.Length == 0) throw new TemplateException("ValueError", "empty separator");
            return [.. text.Split(separator, count)];
        }
        var parts = new List<object?>();
        var rest = text.AsSpan().TrimStart();
        while (!rest.IsEmpty)
        {
            var end = 0;
            while (end < rest.Length && !char.IsWhiteSpace(rest[end])) end++;
            if (parts.Count == count - 1)
            {
                parts.Add(rest.ToString());
                break;
            }
            parts.Add(rest[..end].ToString());
            rest = rest[end..].TrimStart();
        }
        return parts;
    }

    private static List<object?> SplitFromEnd(string text, CallValues arguments)
    {
        var limit = arguments.Number(1, "maxsplit", -1);
        if (limit >= 0 && arguments.At(0, "sep") is null) return SplitSpacesFromEnd(text.AsSpan().TrimEnd(), limit);
        if (limit < 0 || arguments.At(0, "sep") is not string { Length: > 0 } separator) return Split(text, arguments);
        var parts = new List<object?>();
        while (parts.Count < limit && text.LastIndexOf(separator, StringComparison.Ordinal) is var at and >= 0)
        {
            parts.Insert(0, text[(at + separator.Length)..]);
            text = text[..at];
        }
        parts.Insert(0, text);
        return parts;
    }

    private static List<object?> SplitSpacesFromEnd(ReadOnlySpan<char> rest, long limit)
    {
        var parts = new List<object?>();
        while (!rest.IsEmpty)
        {
            var start = rest.Length;
            while (start > 0 && !char.IsWhiteSpace(rest[start - 1])) start--;
            if (parts.Count == limit) start = 0;
            parts.Insert(0, rest[start..].ToString());
            if (parts.Count > limit) break;
            rest = rest[..start].TrimEnd();
        }
        return parts;
    }

    private static string ExpandTabs(string text, int size)
    {
        var (result, column) = (new StringBuilder(), 0);
        foreach (var letter in text)
        {
            if (letter == '\t')
            {
                var spaces = size == 0 ? 0 : size - column % size;
                result.Append(' ', spaces);
                column += spaces;
                continue;
            }
            result.Append(letter);
            column = letter is '\n' or '\r' ? 0 : column + 1;
        }
        return result.ToString();
    }

    private static List<object?> SplitLines(string text, bool keepEnds)
    {
        var lines = new List<object?>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or '\u001c' or '\u001d' or '\u001e' or '\u0085' or '\u2028' or '\u2029')) continue;
            var end = i + (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1);
            lines.Add(text[start..(keepEnds ? end : i)]);
            start = end;
            i = end - 1;
        }
        if (start < text.Length) lines.Add(text[start..]);
        return lines;
    }

    private static bool Any(object? given, Func<string, bool> holds) => given switch
    {
        string one => holds(one),
        JinjaTuple several => several.Items.OfType<string>().Any(holds),
        Undefined undefined => throw undefined.Error,
        _ => throw TemplateException.Type($"a str or a tuple of str is wanted, not {TemplateValues.TypeName(given)}"),
    };

    public static string Replace(string text, string old, string with, long count)
    {
        if (count < 0 && old.Length > 0) return text.Replace(old, with, StringComparison.Ordinal);
        var result = new StringBuilder();
        var at = 0;
        while (count != 0)
        {
            var next = old.Length == 0 ? at : text.IndexOf(old, at, StringComparison.Ordinal);
            if (next < 0 || next > text.Length) break;
            if (old.Length == 0)
            {
                result.Append(with);
                if (at == text.Length) return result.ToString();
                result.Append(text[at++]);
            }
            else
            {
                result.Append(text, at, next - at).Append(with);
                at = next + old.Length;
            }
            count--;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    public static string Capitalize(string text) => text.Length == 0 ? text : LetterCase.Upper(text[..1]) is var first && first.Length > 1 ? first[..1] + LetterCase.Lower(first[1..] + text[1..]) : first + LetterCase.Lower(text[1..]);

    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var inside = false;
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(inside ? LetterCase.Lower(text, i) : char.ToUpperInvariant(text[i]).ToString());
            inside = char.IsLetter(text[i]);
        }
        return result.ToString();
    }

    public static string Center(string text, int width, char fill = ' ')
    {
        var left = Math.Max(0, width - text.Length) / 2 + ((Math.Max(0, width - text.Length) & width) & 1);
        return text.PadLeft(text.Length + left, fill).PadRight(width, fill);
    }

    private static int Pad(CallValues arguments) => arguments.Number(0, "width", 0) is var width and <= MaxPad ? (int)width : throw TemplateException.Limit($"a width over {MaxPad}");

    /// <summary>What of a text <c>start</c> and <c>end</c> of a search leave.</summary>
    private static string Part(string text, CallValues arguments) => arguments.Has(1, "start")
        ? (string)TemplateMembers.Slice(text, arguments.At(1, "start"), arguments.At(2, "end"), null)
        : text;

    private static long Position(string text, CallValues arguments, bool last)
    {
        var (part, wanted) = (Part(text, arguments), arguments.Text(0, "sub", ""));
        var index = last ? part.LastIndexOf(wanted, StringComparison.Ordinal) : part.IndexOf(wanted, StringComparison.Ordinal);
        if (index < 0) return -1;
        var before = arguments.At(1, "start") is long start ? start < 0 ? Math.Max(0, TemplateValues.Length(text) + start) : start : 0;
        return before + part.AsSpan(0, index).EnumerateRunes().Count();
    }

    private static int Count(this SpanRuneEnumerator runes)
    {
        var count = 0;
        while (runes.MoveNext()) count++;
        return count;
    }

    private static long Count(string text, string part)
    {
        if (part.Length == 0) return TemplateValues.Length(text) + 1;
        var count = 0L;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }

    private static bool All(string text, Func<Rune, bool> holds) => text.Length > 0 && text.EnumerateRunes().All(holds);

    private static JinjaTuple Partition(string text, string separator, bool last)
    {
        if (separator.Length == 0) throw new TemplateException("ValueError", "empty separator");
        var at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0) return last ? new(["", "", text]) : new([text, "", ""]);
        return new([text[..at], separator, text[(at + separator.Length)..]]);
    }

    /// <summary><c>str.format</c> with positions, names, members and simple format specifications.</summary>
    public static string Format(string format, CallValues arguments)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                result.Append(c);
                i++;
                continue;
            }
            if (c == '}') throw new TemplateException("ValueError", "single '}' encountered in format string");
            if (c != '{')
            {
                result.Append(c);
                continue;
            }
            var close = format.IndexOf('}', i);
            if (close < 0) throw new TemplateException("ValueError", "expected '}' before end of string");
            var field = format[(i + 1)..close];
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            var (path, spec) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
            var represents = path.EndsWith("!r", StringComparison.Ordinal);
            var value = Resolve(represents || path.EndsWith("!s", StringComparison.Ordinal) ? path[..^2] : path, arguments, ref next);
            result.Append(FieldFormat.Apply(represents ? TemplateText.Represent(value) : value, spec));
            i = close;
        }
        return result.ToString();
    }

    private static object? Resolve(string path, CallValues arguments, ref int next)
    {
        var parts = path.Split('.');
        var head = parts[0].Split('[')[0];
        object? value;
        if (head.Length == 0 || int.TryParse(head, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            var index = head.Length == 0 ? next++ : int.Parse(head, CultureInfo.InvariantCulture);
            value = index < arguments.Positional.Count ? arguments.Positional[index] : throw new TemplateException("IndexError", "replacement index out of range");
        }
        else value = arguments.Named.TryGetValue(head, out var named) ? named : throw new TemplateException("KeyError", $"'{head}'");
        foreach (var key in parts[0].Split('[').Skip(1)) value = TemplateMembers.Item(value, long.TryParse(key.TrimEnd(']'), out var number) ? number : key.TrimEnd(']'));
        return parts.Skip(1).Aggregate(value, TemplateMembers.Attribute);
    }
}
