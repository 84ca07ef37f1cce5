using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Takes away what stands around the lines of a text and belongs to what it was found in: comment marks, page numbers, SPDX lines, the escapes of a JSON string.</summary>
internal static partial class LineMarks
{
    private const int FewestLines = 4;

    public static string Without(string text)
    {
        if (text.Contains("\\n", StringComparison.Ordinal)) text = Unescaped(text);
        var lines = text.Split('\n');
        var mark = Common(lines);
        if (mark is null && !text.Contains("SPDX-", StringComparison.Ordinal) && !HasPageNumbers(lines)) return text;
        for (var at = 0; at < lines.Length; at++)
        {
            if (mark is not null && lines[at].TrimStart() is { Length: > 0 } marked) lines[at] = marked[mark.Length..];
        }
        for (var at = 0; at < lines.Length; at++)
        {
            if (SpdxLine().IsMatch(lines[at]) || IsPageNumber(lines, at)) lines[at] = "";
        }
        return string.Join('\n', lines);
    }

    /// <summary>A word or sign that begins every line and makes it a comment in some language.</summary>
    private static string? Common(string[] lines)
    {
        var first = Array.Find(lines, line => !string.IsNullOrWhiteSpace(line));
        if (first is null || CommentWord().Match(first) is not { Success: true } word) return null;
        var mark = word.Groups[1].Value;
        var count = 0;
        foreach (var line in lines)
        {
            if (line.AsSpan().Trim() is not { Length: > 0 } told) continue;
            if (!told.StartsWith(mark, StringComparison.Ordinal) || (told.Length > mark.Length && char.IsLetterOrDigit(told[mark.Length]))) return null;
            count++;
        }
        return count >= FewestLines ? mark : null;
    }

    /// <summary>Text that was taken out of a string literal whole: hardly any line ends, but many written as escapes.</summary>
    private static string Unescaped(string text)
    {
        var written = Escape().Count(text);
        return written >= FewestLines && text.AsSpan().Count('\n') * 10 < written
            ? Escape().Replace(text, escape => escape.Value[1] switch { 'n' or 'r' => "\n", 't' => " ", var other => other.ToString() })
            : text;
    }

    private static bool HasPageNumbers(string[] lines)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            if (IsPageNumber(lines, at)) return true;
        }
        return false;
    }

    /// <summary>A number between two blank lines, or one that says that it is a page's.</summary>
    private static bool IsPageNumber(string[] lines, int at)
    {
        var line = lines[at].AsSpan().Trim();
        if (line.Length is 0 or > 20 || !char.IsAsciiDigit(line[^1]) && line[^1] is not '-') return false;
        if (!PageNumber().IsMatch(line)) return false;
        return line[0] is 'p' or 'P' || (IsBlank(lines, at - 1) && IsBlank(lines, at + 1) && (EndsPage(lines, at) || at + 1 < lines.Length && IsBlank(lines, at + 2)));
    }

    private static bool EndsPage(string[] lines, int at) => lines[at].Contains('\f', StringComparison.Ordinal) || (at + 1 < lines.Length && lines[at + 1].Contains('\f', StringComparison.Ordinal)) || (at + 2 < lines.Length && lines[at + 2].StartsWith('\f'));

    private static bool IsBlank(string[] lines, int at) => at < 0 || at >= lines.Length || string.IsNullOrWhiteSpace(lines[at]);

    [GeneratedRegex(@"^\s*(@?REM|rem|dnl|%+|--|;+|//+|#+|>)(?=\s|$)", RegexOptions.None, 1000)]
    private static partial Regex CommentWord();

    [GeneratedRegex(@"\\[nrt""/\\]", RegexOptions.None, 5000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"^\W{0,6}SPDX-[A-Za-z-]{3,40}:.{0,200}$", RegexOptions.None, 1000)]
    private static partial Regex SpdxLine();

    [GeneratedRegex(@"^([Pp]age\s+)?-?\s?\d{1,3}(\s?(of|/)\s?\d{1,3})?\s?-?$", RegexOptions.None, 1000)]
    private static partial Regex PageNumber();
}
