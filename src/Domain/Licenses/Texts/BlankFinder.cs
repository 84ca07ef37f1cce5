using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Finds where a licence text leaves room for names: copyright notices, and words in brackets such as [year].</summary>
internal static partial class BlankFinder
{
    private const int LongestNotice = 160;

    public static IEnumerable<(Range Range, BlankKind Kind)> Notices(string text)
    {
        var afterBlank = true;
        var lines = 0;
        foreach (var line in Lines(text))
        {
            var content = text[line];
            var notice = NoticeLine().Match(content);
            var isNotice = (afterBlank || lines < 4) && notice is { Success: true, Length: <= LongestNotice };
            if (isNotice) yield return (line.Start..(line.Start.Value + notice.Length), BlankKind.Notice);
            var isBlank = !content.Any(char.IsLetterOrDigit);
            afterBlank = isBlank || isNotice;
            if (!isBlank) lines++;
        }
    }

    private static IEnumerable<Range> Lines(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0) end = text.Length;
            yield return start..end;
            start = end + 1;
        }
    }

    public static IEnumerable<(Range Range, BlankKind Kind)> Placeholders(string text) =>
        Placeholder().Matches(text).Select(match => (new Range(match.Index, match.Index + match.Length), BlankKind.Name));

    [GeneratedRegex(@"^[\W_]*(portions\s+)?(copyright\s*(\(c\)|©|[\[<{\d]|by\b)|©|\(c\)\s*[\[\d]).*?(?=\s+licensed under|\r?$)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoticeLine();

    [GeneratedRegex(@"\[(year|yyyy|fullname|project|projecturl|email|name of copyright owner)\]", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
