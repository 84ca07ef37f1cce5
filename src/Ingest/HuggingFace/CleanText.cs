using System.Globalization;
using System.Text;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Text from outside as PostgreSQL, a page and an index can take it: no U+0000, no half surrogate pair, no broken UTF-8, not too long. What is bad becomes U+FFFD.</summary>
public static class CleanText
{
    public static string Of(string text, int limit)
    {
        var cut = Cut(text, limit);
        var bad = IndexOfBad(cut);
        return bad < 0 ? cut : Mend(cut, bad);
    }

    /// <summary>The first <paramref name="limit"/> characters, never half a surrogate pair.</summary>
    public static string Cut(string text, int limit) =>
        text.Length <= limit ? text : text[..(char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit)];

    /// <summary>The text of a JSON string without its quotes. <paramref name="mended"/> is true when something had to be replaced; a U+FFFD that the source itself wrote, such as our own tables, is none.</summary>
    public static string OfJson(ReadOnlySpan<byte> raw, bool escaped, out bool mended)
    {
        var text = Encoding.UTF8.GetString(raw);
        // A string without escapes holds neither U+0000 (JSON forbids it raw) nor half a pair (UTF-8 cannot say it), so only broken bytes are left to find.
        mended = text.Contains('\uFFFD', StringComparison.Ordinal) && text.AsSpan().Count('\uFFFD') > raw.Count("\uFFFD"u8);
        if (!escaped) return text;
        text = Unescape(text);
        var bad = IndexOfBad(text);
        mended |= bad >= 0;
        return bad < 0 ? text : Mend(text, bad);
    }

    private static string Unescape(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                clean.Append(text[at]);
                continue;
            }
            var kind = text[++at];
            if (kind == 'u' && at + 4 < text.Length
                && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                clean.Append((char)unit);
                at += 4;
                continue;
            }
            clean.Append(kind switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => kind });
        }
        return clean.ToString();
    }

    private static int IndexOfBad(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0') return at;
            if (!char.IsSurrogate(text[at])) continue;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return at;
            at++;
        }
        return -1;
    }

    private static string Mend(string text, int from)
    {
        var clean = new StringBuilder(text, 0, from, text.Length);
        for (var at = from; at < text.Length; at++)
        {
            if (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])) clean.Append(text, at++, 2);
            else clean.Append(text[at] == '\0' || char.IsSurrogate(text[at]) ? '\uFFFD' : text[at]);
        }
        return clean.ToString();
    }
}
