namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Puts words together again that were hyphenated at the end of a line, when the whole is a word that licences use.</summary>
internal static class Hyphens
{
    /// <param name="boldly">Also where both parts are words as well: "copy-right".</param>
    public static WordedText Join(WordedText text, IReadOnlySet<uint> vocabulary, bool boldly = false)
    {
        List<Word>? words = null;
        for (var at = 0; at < text.Words.Count; at++)
        {
            if (at + 1 < text.Words.Count && Joined(text, text.Words[at], text.Words[at + 1], vocabulary, boldly) is { } joined)
            {
                words ??= [.. text.Words.Take(at)];
                words.Add(joined);
                at++;
            }
            else words?.Add(text.Words[at]);
        }
        return words is null ? text : text with { Words = words };
    }

    private static Word? Joined(WordedText text, Word first, Word second, IReadOnlySet<uint> vocabulary, bool boldly)
    {
        var end = first.Start + first.Length;
        if (end >= text.Text.Length || text.Text[end] is not ('-' or '\u2010' or '\u2011') || text.Text.AsSpan(end, second.Start - end).IndexOf('\n') < 0) return null;
        if (!boldly && vocabulary.Contains(first.Hash) && vocabulary.Contains(second.Hash)) return null;
        var whole = Word.HashOf(Spelling.Even(string.Concat(text.Text.AsSpan(first.Start, first.Length), text.Text.AsSpan(second.Start, second.Length)).ToLowerInvariant()));
        return vocabulary.Contains(whole) ? first with { Hash = whole, Length = second.Start + second.Length - first.Start } : null;
    }
}
