using System.Globalization;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>A field of <c>str.format</c>: fill, alignment, sign, width, grouping, precision, type.</summary>
internal static class FieldFormat
{
    private const int MaxWidth = 1000;

    public static string Apply(object? value, string spec)
    {
        if (spec.Length == 0) return TemplateText.Of(value);
        var (fill, align, at) = (' ', '\0', 0);
        if (spec.Length > 1 && spec[1] is '<' or '>' or '^' or '=') (fill, align, at) = (spec[0], spec[1], 2);
        else if (spec[0] is '<' or '>' or '^' or '=') (align, at) = (spec[0], 1);
        var sign = At(spec, at) is '+' or '-' or ' ' ? spec[at++] : '-';
        if (At(spec, at) == '#') at++;
        if (At(spec, at) == '0' && align == '\0') (fill, align) = ('0', '=');
        var width = Number(spec, ref at) ?? 0;
        var grouped = At(spec, at) is ',' or '_' ? spec[at++] : '\0';
        int? precision = null;
        if (At(spec, at) == '.')
        {
            at++;
            precision = Number(spec, ref at) ?? throw new TemplateException("ValueError", "format specifier missing precision");
        }
        var kind = at < spec.Length ? spec[at++] : '\0';
        if (at < spec.Length) throw new TemplateException("ValueError", $"invalid format specifier '{spec}'");
        var text = Body(value, kind, precision, grouped);
        var isNumber = TemplateValues.IsNumber(value);
        if (isNumber && sign != '-' && !text.StartsWith('-')) text = sign + text;
        var missing = width - text.Length;
        if (missing <= 0) return text;
        return (align == '\0' ? isNumber ? '>' : '<' : align) switch
        {
            '<' => text + new string(fill, missing),
            '^' => new string(fill, missing / 2) + text + new string(fill, missing - missing / 2),
            '=' when text[0] is '-' or '+' or ' ' => text[0] + new string(fill, missing) + text[1..],
            _ => new string(fill, missing) + text,
        };
    }

    private static string Body(object? value, char kind, int? precision, char grouped)
    {
        if (value is Undefined undefined) throw undefined.Error;
        if (value is string text)
            return kind is '\0' or 's' ? precision is { } most && most < text.Length ? text[..most] : text : throw new TemplateException("ValueError", $"unknown format code '{kind}' for an object of type 'str'");
        if (!TemplateValues.IsNumber(value))
            return kind == '\0' && precision is null ? TemplateText.Of(value) : throw TemplateException.Type($"unsupported format string passed to {TemplateValues.TypeName(value)}.__format__");
        var number = TemplateValues.ToDouble(value);
        if (kind is 'd' or 'n' or 'x' or 'X' or 'b' or 'o' or 'c' && value is double) throw new TemplateException("ValueError", $"unknown format code '{kind}' for an object of type 'float'");
        var digits = precision ?? 6;
        var body = kind switch
        {
            '\0' when value is double && precision is { } few => NumberFormat.Apply(value, "." + few, 'g'),
            '\0' when value is double => TemplateText.FloatText(number),
            '\0' or 'd' or 'n' => ((long)number).ToString(CultureInfo.InvariantCulture),
            'x' => ((long)number).ToString("x", CultureInfo.InvariantCulture),
            'X' => ((long)number).ToString("X", CultureInfo.InvariantCulture),
            'b' => ((long)number).ToString("b", CultureInfo.InvariantCulture),
            'o' => Convert.ToString((long)number, 8),
            'c' => char.ConvertFromUtf32((int)Math.Clamp(number, 0, 0xD7FF)),
            'f' or 'F' => number.ToString($"F{digits}", CultureInfo.InvariantCulture),
            '%' => (number * 100).ToString($"F{digits}", CultureInfo.InvariantCulture) + "%",
            'e' or 'g' => NumberFormat.Apply(value, "." + digits, kind),
            _ => throw new TemplateException("ValueError", $"unknown format code '{kind}'"),
        };
        return grouped == '\0' ? body : Grouped(body, grouped);
    }

    private static string Grouped(string body, char separator)
    {
        var start = body[0] == '-' ? 1 : 0;
        var end = start;
        while (end < body.Length && char.IsAsciiDigit(body[end])) end++;
        for (var at = end - 3; at > start; at -= 3) body = body.Insert(at, separator.ToString());
        return body;
    }

    private static char At(string spec, int at) => at < spec.Length ? spec[at] : '\0';

    private static int? Number(string spec, ref int at)
    {
        var start = at;
        while (char.IsAsciiDigit(At(spec, at))) at++;
        if (at == start) return null;
        return int.TryParse(spec.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxWidth
            ? number
            : throw TemplateException.Limit($"a format width or precision over {MaxWidth}");
    }
}
