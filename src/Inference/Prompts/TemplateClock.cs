using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts;

/// <summary>C's <c>strftime</c> in the C locale.</summary>
internal static class TemplateClock
{
    public static string Format(DateTimeOffset now, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            var letter = format[++i];
            var plain = letter == '-' && i + 1 < format.Length;
            if (plain) letter = format[++i];
            var part = letter switch
            {
                'Y' => now.ToString("yyyy", CultureInfo.InvariantCulture),
                'y' => now.ToString("yy", CultureInfo.InvariantCulture),
                'm' => now.ToString("MM", CultureInfo.InvariantCulture),
                'd' => now.ToString("dd", CultureInfo.InvariantCulture),
                'e' => now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
                'H' => now.ToString("HH", CultureInfo.InvariantCulture),
                'I' => now.ToString("hh", CultureInfo.InvariantCulture),
                'M' => now.ToString("mm", CultureInfo.InvariantCulture),
                'S' => now.ToString("ss", CultureInfo.InvariantCulture),
                'f' => now.ToString("ffffff", CultureInfo.InvariantCulture),
                'p' => now.ToString("tt", CultureInfo.InvariantCulture),
                'B' => now.ToString("MMMM", CultureInfo.InvariantCulture),
                'b' or 'h' => now.ToString("MMM", CultureInfo.InvariantCulture),
                'A' => now.ToString("dddd", CultureInfo.InvariantCulture),
                'a' => now.ToString("ddd", CultureInfo.InvariantCulture),
                'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                'u' => (now.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)now.DayOfWeek).ToString(CultureInfo.InvariantCulture),
                'w' => ((int)now.DayOfWeek).ToString(CultureInfo.InvariantCulture),
                'F' => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                'T' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                'D' => now.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
                'C' => now.ToString("yyyy", CultureInfo.InvariantCulture)[..2],
                'k' => now.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
                'l' => (now.Hour % 12 == 0 ? 12 : now.Hour % 12).ToString(CultureInfo.InvariantCulture).PadLeft(2),
                'R' => now.ToString("HH:mm", CultureInfo.InvariantCulture),
                'r' => now.ToString("hh:mm:ss tt", CultureInfo.InvariantCulture),
                'x' => now.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
                'X' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                'c' => now.ToString("ddd MMM ", CultureInfo.InvariantCulture) + now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + now.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture),
                'G' => ISOWeek.GetYear(now.Date).ToString(CultureInfo.InvariantCulture),
                'V' => ISOWeek.GetWeekOfYear(now.Date).ToString("00", CultureInfo.InvariantCulture),
                'U' => ((now.DayOfYear + 6 - (int)now.DayOfWeek) / 7).ToString("00", CultureInfo.InvariantCulture),
                'W' => ((now.DayOfYear + 6 - ((int)now.DayOfWeek + 6) % 7) / 7).ToString("00", CultureInfo.InvariantCulture),
                'z' or 'Z' => "",
                's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                'n' => "\n",
                't' => "\t",
                '%' => "%",
                _ => "%" + letter,
            };
            text.Append(plain && part.Length > 1 ? part.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }
        return text.ToString();
    }
}
