using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Takes away what a text was wrapped in: entities, simple tags, link targets of markdown, invisible hyphens.</summary>
internal static partial class PlainText
{
    private const int LongestTag = 600;

    private static readonly FrozenSet<string> Tags = FrozenSet.ToFrozenSet(
        [
            "p", "br", "b", "i", "u", "em", "strong", "pre", "code", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "a", "blockquote", "center", "tt", "hr",
            "sup", "sub", "small", "table", "tr", "td", "th", "tbody",
        ], StringComparer.OrdinalIgnoreCase);

    public static string Of(string text)
    {
        if (text.Contains('&', StringComparison.Ordinal)) text = WebUtility.HtmlDecode(text);
        if (text.Contains("](", StringComparison.Ordinal) || text.Contains('<', StringComparison.Ordinal)) text = WithoutTags(text);
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes as U+FFFD
        {
            if (rune.Value is 0xAD or 0xFEFF) continue; // soft hyphen, byte order mark
            if (rune.Value is >= 0xFB00 and <= 0xFB06) plain.Append(rune.ToString().Normalize(NormalizationForm.FormKC)); // ﬁ, ﬂ … of PDF files
            else plain.Append(rune.ToString());
        }
        return plain.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string WithoutTags(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var end = text[at] switch
            {
                '<' => EndOfTag(text, at),
                '(' when at > 0 && text[at - 1] is ']' => EndOfTarget(text, at),
                _ => -1,
            };
            if (end < 0) kept.Append(text[at]);
            else
            {
                if (text[at] is '<') kept.Append(' ');
                at = end;
            }
        }
        return kept.ToString();
    }

    /// <summary>The closing bracket of a tag of running text; a licence also has things such as &lt;year&gt; in such brackets, which stay.</summary>
    private static int EndOfTag(string text, int at)
    {
        var start = at + 1 < text.Length && text[at + 1] is '/' ? at + 2 : at + 1;
        var end = start;
        while (end < text.Length && end - start < 12 && char.IsAsciiLetterOrDigit(text[end])) end++;
        if (end == text.Length || !Tags.Contains(text[start..end]) || text[end] is not ('>' or '/' or ' ' or '\n')) return -1;
        var close = text.AsSpan(end, Math.Min(LongestTag, text.Length - end)).IndexOfAny('<', '>');
        return close >= 0 && text[end + close] is '>' ? end + close : -1;
    }

    private static int EndOfTarget(string text, int at)
    {
        var depth = 0;
        for (var end = at; end < Math.Min(text.Length, at + LongestTag); end++)
        {
            if (char.IsWhiteSpace(text[end])) return -1;
            if (text[end] is '(') depth++;
            else if (text[end] is ')' && --depth is 0) return end;
        }
        return -1;
    }

    /// <summary>Why a text is not one that can be compared, or null.</summary>
    public static string? Unreadable(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "the file is empty";
        var start = text.AsSpan(0, Math.Min(text.Length, 4096));
        if (start.Contains('\0') || start.Count('\uFFFD') > start.Length / 50) return "the file is not text";
        return WebPage().IsMatch(start) ? "the file is a web page, not a licence text" : null;
    }

    [GeneratedRegex(@"<!doctype\s+html|<html[\s>]|<head[\s>]|<script[\s>]|<body[\s>]", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex WebPage();
}
