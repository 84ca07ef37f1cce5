using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Tools.MeasureLicenses;

/// <summary>Ways a licence text gets out of shape. These leave every clause as it was; <see cref="Harmful"/> ones do not.</summary>
internal static partial class Disfigurements
{
    public static readonly (string Name, Func<string, Random, string> Apply)[] Harmless =
    [
        ("as it is", (text, _) => text),
        ("wrapped at 40", (text, _) => Wrap(text, 40)),
        ("wrapped at 100", (text, _) => Wrap(text, 100)),
        ("one line per paragraph", (text, _) => Wrap(text, int.MaxValue)),
        ("all in one line", (text, _) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
        ("quoted with >", (text, _) => Prefixed(text, "> ")),
        ("commented out with #", (text, _) => Prefixed(Wrap(text, 72), "# ")),
        ("commented out with //", (text, _) => Prefixed(Wrap(text, 76), "// ")),
        ("in a comment block", (text, _) => "/*\n" + Prefixed(Wrap(text, 70), " * ") + "\n */\n"),
        ("markdown", (text, _) => Markdown(text)),
        ("HTML entities", (text, _) => WebUtility.HtmlEncode(text).Replace("\n\n", "\n<p>\n", StringComparison.Ordinal)),
        ("CRLF, tabs and trailing blanks", (text, _) => text.Replace("    ", "\t", StringComparison.Ordinal).Replace("\n", "  \r\n", StringComparison.Ordinal)),
        ("upper case", (text, _) => text.ToUpperInvariant()),
        ("lower case", (text, _) => text.ToLowerInvariant()),
        ("typographic quotes and dashes", (text, _) => Typographic(text)),
        ("plain quotes and dashes", (text, _) => Plain(text)),
        ("other bullets and numbers", (text, _) => Renumbered(text)),
        ("other holder and year", (text, random) => OtherHolder(text, random)),
        ("under a heading of its own", (text, _) => "# License\n\n" + text),
        .. Wrappings.All,
        ("other holder, quoted and wrapped", (text, random) => Prefixed(Wrap(OtherHolder(text, random), 60), "> ")),
    ];

    /// <inheritdoc cref="Alterations"/>
    public static (string Name, Func<string, Random, string?> Apply)[] Harmful => [.. Alterations.All, .. Turns.All];

    public static string OtherHolder(string text, Random random)
    {
        string[] holders = ["Jane Q. Public", "Acme Robotics GmbH", "The FooBar Authors", "李雷", "Université de Montréal and contributors"];
        var holder = holders[random.Next(holders.Length)];
        var year = random.Next(1999, 2027);
        text = Bracketed().Replace(text, match => match.Value.Contains("ear", StringComparison.OrdinalIgnoreCase) || match.Value.Contains("yyyy", StringComparison.Ordinal) ? $"{year}" : holder);
        return NoticeLine().Replace(text, $"$1 (c) {year} {holder}");
    }

    private static string Wrap(string text, int width)
    {
        var wrapped = new StringBuilder();
        foreach (var paragraph in BlankLines().Split(text))
        {
            var column = 0;
            foreach (var word in paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (column > 0 && column + word.Length >= width)
                {
                    wrapped.Append('\n');
                    column = 0;
                }
                else if (column > 0) wrapped.Append(' ');
                wrapped.Append(word);
                column += word.Length + 1;
            }
            wrapped.Append("\n\n");
        }
        return wrapped.ToString();
    }

    private static string Prefixed(string text, string prefix) => string.Join('\n', text.Split('\n').Select(line => prefix + line));

    private static string Markdown(string text)
    {
        var lines = text.Split('\n').Select(line => HeadingLine().IsMatch(line) ? "## **" + line.Trim() + "**" : Link().Replace(line, "[$0]($0)"));
        return string.Join('\n', lines).Replace("\"AS IS\"", "*\"AS IS\"*", StringComparison.Ordinal);
    }

    private static string Typographic(string text)
    {
        text = Regex.Replace(text, "\"([^\"\n]*)\"", "“$1”", RegexOptions.None, TimeSpan.FromSeconds(5));
        return text.Replace('\'', '’').Replace(" - ", " — ", StringComparison.Ordinal).Replace('-', '‑');
    }

    private static string Plain(string text) => text
        .Replace('“', '"').Replace('”', '"').Replace('’', '\'').Replace('‘', '\'').Replace('–', '-').Replace('—', '-');

    private static string Renumbered(string text)
    {
        text = DottedNumber().Replace(text, "$1$2) ");
        text = LetterInBrackets().Replace(text, "$1$2. ");
        return Bullet().Replace(text, match => match.Groups[1].Value + (match.Value.Contains('*', StringComparison.Ordinal) ? "- " : "• "));
    }

    [GeneratedRegex(@"\[(year|yyyy|fullname|name of copyright owner|project)\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"(?<=\n\n|^)(\s*Copyright) (\(c\)|©)?[^\n]*?\d{4}[^\n]*?(?=\s+licensed under|\n|$)", RegexOptions.IgnoreCase, 5000)]
    private static partial Regex NoticeLine();

    [GeneratedRegex(@"\n\s*\n", RegexOptions.None, 5000)]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"^\s*([A-Z][A-Z ,;]{6,60}|\d+\.? [A-Z][A-Za-z ]{4,50}\.?|[A-Z][A-Za-z ]{3,40}License[A-Za-z0-9. ]{0,20})\s*$", RegexOptions.None, 1000)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"(?<![\[(<])(?>https?://[\w./%-]*[\w/])(?![\])])", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\s*)(\d{1,2})\. ", RegexOptions.Multiline, 5000)]
    private static partial Regex DottedNumber();

    [GeneratedRegex(@"^(\s*)\(([a-z])\) ", RegexOptions.Multiline, 5000)]
    private static partial Regex LetterInBrackets();

    [GeneratedRegex(@"^(\s*)[*-] +", RegexOptions.Multiline, 5000)]
    private static partial Regex Bullet();
}
