using System.Text;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Puts words together again that were hyphenated at the end of a line, when the whole is a word that licences use.</summary>
internal static class Hyphens
{
    public static WordedText Join(WordedText text, IReadOnlySet<uint> vocabulary)
    {
        List<Word>? words = null;
        for (var at = 0; at < text.Words.Count; at++)
        {
            if (at + 1 < text.Words.Count && Joined(text, text.Words[at], text.Words[at + 1], vocabulary, boldly: false) is { } joined)
            {
                words ??= [.. text.Words.Take(at)];
                words.Add(joined);
                at++;
            }
            else words?.Add(text.Words[at]);
        }
        return words is null ? text : text with { Words = words };
    }

    /// <summary>The text without such hyphens, also where both parts are words by themselves: "copy-right". Null when it has none.</summary>
    public static string? Whole(WordedText text, IReadOnlySet<uint> vocabulary)
    {
        StringBuilder? whole = null;
        var from = 0;
        for (var at = 0; at + 1 < text.Words.Count; at++)
        {
            var (first, second) = (text.Words[at], text.Words[at + 1]);
            if (Joined(text, first, second, vocabulary, boldly: true) is null) continue;
            (whole ??= new()).Append(text.Text, from, first.Start + first.Length - from);
            from = second.Start;
        }
        return whole?.Append(text.Text, from, text.Text.Length - from).ToString();
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
