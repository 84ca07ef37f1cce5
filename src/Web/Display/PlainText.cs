using System.Globalization;
using System.Text;

namespace ModelAtlas.Web.Display;

/// <summary>Text that others wrote, made safe to ask a database with and to read on a page.</summary>
internal static class PlainText
{
    /// <summary>One line without control characters or half surrogates, blanks single, composed as NFC.</summary>
    public static string Clean(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)) line.Append(rune.ToString());
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        return line.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
    }

    /// <summary>True where nothing is but printable ASCII, which hides and turns nothing.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>
    /// The text in pieces of what can be read as it is and what must be shown as an escape because it would hide, turn or imitate other letters.
    /// In a repository name that is everything beyond printable ASCII, for real names have nothing else.
    /// </summary>
    public static IEnumerable<(string Text, bool Escaped)> Visible(string text, bool isName)
    {
        if (text.Length > 0 && IsPlain(text))
        {
            yield return (text, false);
            yield break;
        }
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (isName ? rune.Value is >= ' ' and <= '~' : IsReadable(rune))
            {
                plain.Append(rune.ToString());
                continue;
            }
            if (plain.Length > 0) yield return (plain.ToString(), false);
            plain.Clear();
            yield return (rune.Value > 0xFFFF ? $"\\U{rune.Value:X8}" : $"\\u{rune.Value:X4}", true);
        }
        if (plain.Length > 0) yield return (plain.ToString(), false);
    }

    private static bool IsReadable(Rune rune) => rune.Value is '\u200D' or '\u200C' || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
