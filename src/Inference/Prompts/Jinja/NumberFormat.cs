using System.Globalization;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>One conversion of <c>%</c> formatting.</summary>
internal static class NumberFormat
{
    private const int MaxWidth = 1000;

    /// <param name="flags">Flags, width and precision, e.g. <c>-08.2</c>.</param>
    public static string Apply(object? value, string flags, char kind)
    {
        if (value is Undefined undefined && kind != 's') throw undefined.Error;
        var point = flags.IndexOf('.', StringComparison.Ordinal);
        var precision = point >= 0 ? Parse(flags.AsSpan(point + 1)) : -1;
        var head = point >= 0 ? flags[..point] : flags;
        var digits = head.TrimStart('-', '+', ' ', '#', '0', '<', '>', ',');
        var text = kind switch
        {
            's' => Cut(TemplateText.Of(value), precision),
            'r' => Cut(TemplateText.Represent(value), precision),
            'd' or 'i' => Math.Truncate(TemplateValues.ToDouble(value)).ToString(head.Contains(',', StringComparison.Ordinal) ? "N0" : "F0", CultureInfo.InvariantCulture),
            'f' or 'F' => TemplateValues.ToDouble(value).ToString((head.Contains(',', StringComparison.Ordinal) ? "N" : "F") + (precision < 0 ? 6 : precision), CultureInfo.InvariantCulture),
            'c' => value as string ?? char.ConvertFromUtf32((int)Math.Clamp(TemplateValues.ToDouble(value), 0, 0xD7FF)),
            'x' => ((long)TemplateValues.ToDouble(value)).ToString("x", CultureInfo.InvariantCulture),
            'X' => ((long)TemplateValues.ToDouble(value)).ToString("X", CultureInfo.InvariantCulture),
            'e' => TemplateValues.ToDouble(value).ToString((precision < 0 ? "0.000000" : "0." + new string('0', precision)) + "e+00", CultureInfo.InvariantCulture),
            'g' => TemplateValues.ToDouble(value).ToString("G" + (precision < 0 ? 6 : precision), CultureInfo.InvariantCulture),
            _ => throw new TemplateException("ValueError", $"unsupported format character '{kind}'"),
        };
        if (head.Contains('+', StringComparison.Ordinal) && TemplateValues.IsNumber(value) && !text.StartsWith('-')) text = "+" + text;
        var width = Parse(digits);
        if (width <= text.Length) return text;
        if (head.Contains('-', StringComparison.Ordinal) || head.Contains('<', StringComparison.Ordinal)) return text.PadRight(width);
        return head.TrimStart('+', ' ', '#').StartsWith('0') ? (text.StartsWith('-') ? "-" + text[1..].PadLeft(width - 1, '0') : text.PadLeft(width, '0')) : text.PadLeft(width);
    }

    private static string Cut(string text, int length) => length >= 0 && length < text.Length ? text[..length] : text;

    private static int Parse(ReadOnlySpan<char> digits) =>
        digits.IsEmpty ? 0 : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxWidth
            ? number
            : throw TemplateException.Limit($"a format width or precision over {MaxWidth}");
}
