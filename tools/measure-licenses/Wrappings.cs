using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Tools.MeasureLicenses;

/// <summary>What a licence text is found in: pages, notes, sources and documents of other kinds. Every clause is as it was.</summary>
internal static partial class Wrappings
{
    public static readonly (string Name, Func<string, Random, string> Apply)[] All =
    [
        ("cut from a web page", (text, _) => Spans(text)),
        ("a Python docstring", (text, _) => "\"\"\"\n" + Indented(text, 4) + "\n\"\"\"\n"),
        ("an XML comment", (text, _) => "<!--\n" + text.Replace("--", "-", StringComparison.Ordinal) + "\n-->\n"),
        ("commented out with ;; and --", (text, random) => Prefixed(text, random.Next(2) == 0 ? ";; " : "-- ")),
        ("commented out with REM and %", (text, random) => Prefixed(text, random.Next(2) == 0 ? "REM " : "% ")),
        ("quoted twice", (text, _) => Prefixed(text, "> > ")),
        ("a code fence", (text, _) => "```text\n" + text + "\n```\n"),
        ("a Markdown list", (text, _) => Numbers().Replace(text, "$1- **$2.** ")),
        ("every line bold", (text, _) => string.Join('\n', text.Split('\n').Select(line => line.Trim().Length > 0 ? $"**{line.Trim()}**" : line))),
        ("indented as in YAML", (text, _) => "license: |\n" + Indented(text, 2)),
        ("a JSON string", (text, _) => text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)),
        ("blank lines between lines", (text, _) => text.Replace("\n", "\n\n", StringComparison.Ordinal)),
        ("no blank lines", (text, _) => BlankLines().Replace(text, "\n")),
        ("no-break and odd blanks", (text, _) => text.Replace(' ', '\u00a0').Replace("\n\n", "\u2028\n", StringComparison.Ordinal)),
        ("soft hyphens", (text, random) => Sprinkled(text, random, '\u00ad')),
        ("ligatures", (text, _) => text.Replace("ffi", "ﬃ", StringComparison.Ordinal).Replace("fi", "ﬁ", StringComparison.Ordinal).Replace("fl", "ﬂ", StringComparison.Ordinal)),
        ("words broken at the line's end", (text, _) => Broken(text)),
        ("page numbers", (text, _) => Paged(text)),
        ("a mark of byte order", (text, _) => "\ufeff" + text),
        ("title left out", (text, _) => text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]),
        ("an SPDX line before", (text, _) => "SPDX-FileCopyrightText: 2024 Jane Q. Public\nSPDX-License-Identifier: LicenseRef-Text\n\n" + text),
        ("a notice behind", (text, _) => text + "\n\nCopyright (c) 2025 The FooBar Authors. All rights reserved.\n"),
        ("bullets left out", (text, _) => Bullets().Replace(text, "$1")),
        ("justified", (text, random) => Justified(text, random)),
    ];

    private static string Spans(string text) =>
        "<div class=\"license\">" + string.Join("<br/><br/>\n", BlankLines().Split(text).Select(part => $"<span>{WebUtility.HtmlEncode(part.Trim()).Replace("\n", "<br>", StringComparison.Ordinal).Replace(" ", "&nbsp;", StringComparison.Ordinal)}</span>")) + "</div>";

    private static string Prefixed(string text, string prefix) => string.Join('\n', text.Split('\n').Select(line => prefix + line));

    private static string Indented(string text, int width) => Prefixed(text, new string(' ', width));

    public static string Sprinkled(string text, Random random, char what)
    {
        var letters = new StringBuilder(text);
        for (var at = letters.Length - 2; at > 0; at -= random.Next(3, 30))
            if (char.IsLetter(letters[at]) && char.IsLetter(letters[at - 1])) letters.Insert(at, what);
        return letters.ToString();
    }

    private static string Broken(string text)
    {
        var (broken, column) = (new StringBuilder(), 0);
        foreach (var word in Words().Matches(text).Select(match => match.Value))
        {
            if (word.Contains('\n', StringComparison.Ordinal)) column = 0;
            if (column + word.Length > 72 && word.Length > 8 && word.All(char.IsAsciiLetterLower))
            {
                broken.Append(word.AsSpan(0, word.Length / 2)).Append("-\n").Append(word.AsSpan(word.Length / 2));
                column = word.Length / 2;
                continue;
            }
            broken.Append(word);
            column += word.Length;
        }
        return broken.ToString();
    }

    private static string Paged(string text)
    {
        var (lines, paged) = (text.Split('\n'), new StringBuilder());
        for (var at = 0; at < lines.Length; at++)
        {
            paged.Append(lines[at]).Append('\n');
            if (at % 45 == 44 && lines[at].Trim().Length == 0) paged.Append('\n').Append(at / 45 + 1).Append("\n\n\f");
        }
        return paged.ToString();
    }

    private static string Justified(string text, Random random) => Blanks().Replace(text, _ => new string(' ', random.Next(1, 4)));

    [GeneratedRegex(@"^(\s*)(\d{1,2})\. ", RegexOptions.Multiline, 5000)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^(\s*)[*•-] +", RegexOptions.Multiline, 5000)]
    private static partial Regex Bullets();

    [GeneratedRegex(@"\n\s*\n", RegexOptions.None, 5000)]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"(?<=\S) (?=\S)", RegexOptions.None, 5000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\S+|\s+", RegexOptions.None, 5000)]
    private static partial Regex Words();
}
