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
        "startswith" => arguments => Any(arguments.At(0, "prefix"), prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        "endswith" => arguments => Any(arguments.At(0, "suffix"), suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        "replace" => arguments => Replace(text, arguments.Text(0, "old", ""), arguments.Text(1, "new", ""), arguments.Number(2, "count", -1)),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" or "casefold" => _ => text.ToLowerInvariant(),
        "capitalize" => _ => Capitalize(text),
        "title" => _ => Title(text),
        "swapcase" => _ => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))),
        "join" => arguments => string.Join(text, TemplateValues.Iterate(arguments.At(0, "iterable")).Select(item =>
            item as string ?? throw TemplateException.Type($"sequence item: expected str instance, {TemplateValues.TypeName(item)} found"))),
        "find" => arguments => Position(text, text.IndexOf(arguments.Text(0, "sub", ""), StringComparison.Ordinal)),
        "rfind" => arguments => Position(text, text.LastIndexOf(arguments.Text(0, "sub", ""), StringComparison.Ordinal)),
        "index" => arguments => Position(text, text.IndexOf(arguments.Text(0, "sub", ""), StringComparison.Ordinal)) is var index and >= 0
            ? index
            : throw new TemplateException("ValueError", "substring not found"),
        "count" => arguments => Count(text, arguments.Text(0, "sub", "")),
        "format" => arguments => Format(text, arguments),
        "removeprefix" => arguments => arguments.Text(0, "prefix", "") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        "removesuffix" => arguments => arguments.Text(0, "suffix", "") is { Length: > 0 } suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        "partition" => arguments => Partition(text, arguments.Text(0, "sep", ""), false),
        "rpartition" => arguments => Partition(text, arguments.Text(0, "sep", ""), true),
        "zfill" => arguments => text.StartsWith('-') ? "-" + text[1..].PadLeft(Pad(arguments) - 1, '0') : text.PadLeft(Pad(arguments), '0'),
        "ljust" => arguments => text.PadRight(Pad(arguments), arguments.Text(1, "fillchar", " ")[0]),
        "rjust" => arguments => text.PadLeft(Pad(arguments), arguments.Text(1, "fillchar", " ")[0]),
        "center" => arguments => Center(text, Pad(arguments)),
        "expandtabs" => arguments => text.Replace("\t", new string(' ', (int)Math.Clamp(arguments.Number(0, "tabsize", 8), 0, 100)), StringComparison.Ordinal),
        "isdigit" or "isnumeric" or "isdecimal" => _ => All(text, rune => Rune.IsNumber(rune) && (name != "isdecimal" || Rune.IsDigit(rune))),
        "isalpha" => _ => All(text, Rune.IsLetter),
        "isalnum" => _ => All(text, rune => Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune)),
        "isspace" => _ => All(text, Rune.IsWhiteSpace),
        "isascii" => _ => text.All(char.IsAscii),
        "isupper" => _ => text.Any(char.IsLetter) && text.All(c => !char.IsLower(c)),
        "islower" => _ => text.Any(char.IsLetter) && text.All(c => !char.IsUpper(c)),
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
                parts.Add(rest.TrimEnd().ToString());
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

    public static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var inside = false;
        foreach (var c in text)
        {
            result.Append(inside ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            inside = char.IsLetter(c);
        }
        return result.ToString();
    }

    public static string Center(string text, int width)
    {
        var left = Math.Max(0, width - text.Length) / 2 + ((Math.Max(0, width - text.Length) & width) & 1);
        return text.PadLeft(text.Length + left).PadRight(width);
    }

    private static int Pad(CallValues arguments) => arguments.Number(0, "width", 0) is var width and <= MaxPad ? (int)width : throw TemplateException.Limit($"a width over {MaxPad}");

    private static long Position(string text, int index) => index < 0 ? -1 : text.AsSpan(0, index).EnumerateRunes().Count();

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
            var value = Resolve(path, arguments, ref next);
            result.Append(spec.Length == 0 ? TemplateValues.ToText(value)
                : char.IsLetter(spec[^1]) ? NumberFormat.Apply(value, spec[..^1], spec[^1])
                : NumberFormat.Apply(value, spec, value is double ? 'g' : 's'));
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
