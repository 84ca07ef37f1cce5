using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>Values as Python writes them.</summary>
internal static class TemplateText
{
    /// <summary>Python's <c>str</c>; nothing for what is not defined.</summary>
    public static string Of(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Represent(value),
    };

    /// <summary>Python's <c>repr</c>.</summary>
    public static string Represent(object? value)
    {
        var text = new StringBuilder();
        Represent(value, text, 0);
        return text.ToString();
    }

    private static void Represent(object? value, StringBuilder text, int depth)
    {
        if (depth > 64) throw TemplateException.Limit("a value is nested too deeply");
        switch (value)
        {
            case null: text.Append("None"); break;
            case Undefined: text.Append("Undefined"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case long number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: text.Append(FloatText(number)); break;
            case string quoted: Quote(quoted, text); break;
            case JinjaTuple tuple:
                List(tuple.Items, '(', tuple.Items.Length == 1 ? ",)" : ")", text, depth);
                break;
            case List<object?> list: List(list, '[', "]", text, depth); break;
            case JinjaDict dict:
                text.Append('{');
                var first = true;
                foreach (var (key, item) in dict)
                {
                    if (!first) text.Append(", ");
                    first = false;
                    Represent(TemplateValues.FromKey(key), text, depth + 1);
                    text.Append(": ");
                    Represent(item, text, depth + 1);
                }
                text.Append('}');
                break;
            default: text.Append('<').Append(TemplateValues.TypeName(value)).Append('>'); break;
        }
    }

    private static void List(IReadOnlyList<object?> items, char open, string close, StringBuilder text, int depth)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Represent(items[i], text, depth + 1);
        }
        text.Append(close);
    }

    private static void Quote(string value, StringBuilder text)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\\': text.Append("\\\\"); break;
                case var c when c == quote: text.Append('\\').Append(quote); break;
                case < 32 or 127: text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
                case > 127 when !IsPrintable(rune):
                    text.Append(rune.Value <= 0xFF ? $"\\x{rune.Value:x2}" : rune.Value <= 0xFFFF ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
                    break;
                default: text.Append(rune.ToString()); break;
            }
        }
        text.Append(quote);
    }

    public static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>Python's shortest form: <c>1.0</c>, <c>1e+16</c>, <c>1e-05</c>, <c>inf</c>.</summary>
    public static string FloatText(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var text = number.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = number == 0 ? 0 : int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 16)
        {
            if (shortest.Contains('E', StringComparison.Ordinal)) shortest = ((decimal)number).ToString(CultureInfo.InvariantCulture);
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
        }
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0)
        {
            var digits = shortest.TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
            shortest = (number < 0 ? "-" : "") + digits[0] + (digits.Length > 1 ? "." + digits[1..] : "");
        }
        else shortest = shortest[..mark];
        return FormattableString.Invariant($"{shortest}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
