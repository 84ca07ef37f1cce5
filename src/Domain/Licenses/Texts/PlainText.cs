using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Takes away what a text was wrapped in: entities, simple tags, link targets of markdown, invisible hyphens.</summary>
internal static partial class PlainText
{
    public static string Of(string text)
    {
        if (text.Contains('&', StringComparison.Ordinal)) text = WebUtility.HtmlDecode(text);
        if (text.Contains("](", StringComparison.Ordinal)) text = LinkTarget().Replace(text, "]");
        if (text.Contains('<', StringComparison.Ordinal)) text = SimpleTag().Replace(text, " ");
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes as U+FFFD
        {
            if (rune.Value is 0xAD or 0xFEFF) continue; // soft hyphen, byte order mark
            if (rune.Value is >= 0xFB00 and <= 0xFB06) plain.Append(rune.ToString().Normalize(NormalizationForm.FormKC)); // ﬁ, ﬂ … of PDF files
            else plain.Append(rune.ToString());
        }
        return plain.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Why a text is not one that can be compared, or null.</summary>
    public static string? Unreadable(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "the file is empty";
        var start = text.AsSpan(0, Math.Min(text.Length, 4096));
        if (start.Contains('\0') || start.Count('\uFFFD') > start.Length / 50) return "the file is not text";
        return WebPage().IsMatch(start) ? "the file is a web page, not a licence text" : null;
    }

    [GeneratedRegex(@"\]\([^()\s]{0,500}(\([^()\s]{0,100}\)[^()\s]{0,100})?\)", RegexOptions.None, matchTimeoutMilliseconds: 2000)]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"</?(p|br|b|i|u|em|strong|pre|code|ul|ol|li|h[1-6]|div|span|a|blockquote|center|tt|hr|sup|sub|small|table|tr|td|th|tbody)(\s[^<>]{0,300})?/?>", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex SimpleTag();

    [GeneratedRegex(@"<!doctype\s+html|<html[\s>]|<head[\s>]|<script[\s>]|<body[\s>]", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex WebPage();
}
