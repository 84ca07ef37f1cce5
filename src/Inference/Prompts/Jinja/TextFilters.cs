using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>The filters that lay a text out anew.</summary>
internal static partial class TextFilters
{
    /// <summary>A capital behind each space, hyphen and opening bracket only: not behind an apostrophe, as the method of the same name does.</summary>
    public static string Title(string text) =>
        string.Concat(WordBreak().Split(text).Where(part => part.Length > 0).Select(part => LetterCase.Upper(part[..1]) + LetterCase.Lower(part[1..])));

    public static long Words(string text) => Word().Count(text);

    public static string Indent(string text, CallValues arguments)
    {
        var indent = arguments.At(0, "width", 4L) is string given ? given : new string(' ', (int)Math.Clamp(arguments.Number(0, "width", 4), 0, 1000));
        var blank = TemplateValues.IsTrue(arguments.At(2, "blank"));
        var lines = (text + "\n").Split('\n')[..^1];
        var result = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) result.Append('\n');
            if (i == 0 ? TemplateValues.IsTrue(arguments.At(1, "first")) : blank || lines[i].Length > 0) result.Append(indent);
            result.Append(lines[i]);
        }
        return result.ToString();
    }

    public static string StripTags(string text)
    {
        var result = new StringBuilder();
        var inside = false;
        foreach (var c in Comment().Replace(text, ""))
        {
            if (c == '<') inside = true;
            else if (c == '>' && inside) inside = false;
            else if (!inside) result.Append(c);
        }
        return WebUtility.HtmlDecode(string.Join(' ', result.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    public static string Truncate(string text, CallValues arguments)
    {
        var length = (int)Math.Clamp(arguments.Number(0, "length", 255), 0, int.MaxValue);
        var end = arguments.Text(2, "end", "...");
        if (text.Length <= length + arguments.Number(3, "leeway", 5)) return text;
        var cut = text[..Math.Max(0, length - end.Length)];
        if (!TemplateValues.IsTrue(arguments.At(1, "killwords")) && cut.LastIndexOf(' ') is var space and > 0) cut = cut[..space];
        return cut + end;
    }

    public static string FileSize(double bytes, bool binary)
    {
        var unit = binary ? 1024.0 : 1000.0;
        if (bytes == 1) return "1 Byte";
        if (bytes < unit) return FormattableString.Invariant($"{Math.Truncate(bytes)} Bytes");
        var power = 1;
        while (power < 8 && bytes >= Math.Pow(unit, power + 1)) power++;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Math.Pow(unit, power):F1} {"kMGTPEZY"[power - 1].ToString().ToUpperInvariant() switch { "K" when !binary => "k", var letter => letter }}{(binary ? "iB" : "B")}");
    }

    /// <summary>Lines of at most so many characters, broken between words.</summary>
    public static string Wrap(string text, CallValues arguments)
    {
        var width = (int)Math.Clamp(arguments.Number(0, "width", 79), 1, 100_000);
        var breaks = TemplateValues.IsTrue(arguments.At(1, "break_long_words", true));
        var end = arguments.At(2, "wrapstring") as string ?? "\n";
        return string.Join(end, (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => string.Join(end, Lines(line.TrimEnd('\r'), width, breaks))));
    }

    private static List<string> Lines(string line, int width, bool breaks)
    {
        var lines = new List<string>();
        var open = "";
        foreach (var match in Chunk().EnumerateMatches(line))
        {
            var chunk = line.Substring(match.Index, match.Length);
            if (open.Length + chunk.Length <= width)
            {
                if (open.Length > 0 || lines.Count == 0 || !char.IsWhiteSpace(chunk[0])) open += chunk;
                continue;
            }
            if (char.IsWhiteSpace(chunk[0])) chunk = "";
            if (open.Trim().Length > 0 && !(breaks && chunk.Length > width)) (open, _) = ("", Add(open));
            while (breaks && open.Length + chunk.Length > width)
            {
                var taken = Math.Max(1, width - open.Length);
                Add(open + chunk[..taken]);
                (open, chunk) = ("", chunk[taken..]);
            }
            open = chunk;
        }
        if (open.Trim().Length > 0) Add(open);
        return lines.Count > 0 ? lines : [""];

        bool Add(string text)
        {
            lines.Add(text.TrimEnd());
            return true;
        }
    }

    [GeneratedRegex(@"([-\s({\[<]+)", RegexOptions.CultureInvariant, 250)]
    private static partial Regex WordBreak();

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+|[^\s-]*-+(?=\S)|\S+", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Chunk();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline | RegexOptions.CultureInvariant, 250)]
    private static partial Regex Comment();
}
