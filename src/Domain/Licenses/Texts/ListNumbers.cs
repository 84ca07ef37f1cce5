using System.Collections.Frozen;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Tells the numbers and letters of a list, which formatting adds and removes, from numbers that mean something.</summary>
internal static class ListNumbers
{
    // After these a number is a reference or a version, never the number of a list.
    private static readonly FrozenSet<string> Referring = FrozenSet.ToFrozenSet(
        [
            "section", "sections", "version", "versions", "clause", "clauses", "paragraph", "paragraphs", "article", "articles", "part", "exhibit", "annex", "attachment", "appendix",
            "schedule", "title", "chapter", "no", "least", "than", "of", "to", "in", "under", "with", "by", "for", "exceed", "exceeds", "usd", "us", "$", "€", "£", "¥", "eur", "item", "items", "row",
        ], StringComparer.Ordinal);

    // "thirty (30) days": the number in brackets says again what counts.
    private static readonly FrozenSet<string> NumberWords = FrozenSet.ToFrozenSet(
        [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fourteen", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "ninety", "hundred", "percent",
        ], StringComparer.Ordinal);

    /// <summary>Decides from the words and marks next to it alone, so that it says the same wherever a line breaks.</summary>
    public static bool IsOne(string text, int start, int end, string word, string previous)
    {
        if (!LooksLikeOne(word)) return false;
        var before = start > 0 ? text[start - 1] : '\n';
        var after = end < text.Length ? text[end] : '\n';
        if (before is '(' or '[' && after is ')' or ']') return !(char.IsAsciiDigit(word[0]) && NumberWords.Contains(previous));
        if (Referring.Contains(previous)) return false;
        if (after is '\\' && end + 1 < text.Length) after = text[++end];
        if (after is '.' or ')') return end + 1 >= text.Length || text[end + 1] is var next && (char.IsWhiteSpace(next) || next is '*' or '_' or '“' or '"');
        return word.Contains('.', StringComparison.Ordinal) && AfterSentence(text, start);
    }

    public static bool LooksLikeOne(string word) =>
        word.Length is 1 ? char.IsAsciiLetterOrDigit(word[0])
        : word.Length <= 8 && (IsRoman(word) || IsNumber(word));

    private static bool IsRoman(string word) => word.Length <= 5 && word.AsSpan().IndexOfAnyExcept('i', 'v', 'x') < 0;

    private static bool IsNumber(string word)
    {
        var digits = 0;
        foreach (var letter in word)
        {
            if (letter is '.') digits = 0;
            else if (!char.IsAsciiDigit(letter) || ++digits > 2) return false;
        }
        return true;
    }

    private static bool AfterSentence(string text, int start)
    {
        for (var at = start - 1; at >= 0; at--)
        {
            if (char.IsLetterOrDigit(text[at])) return false;
            if (text[at] is '.' or ':' or ';' or '!' or '?' or ')' or ']' or '"' or '”' or '’') return true;
        }
        return true;
    }
}
