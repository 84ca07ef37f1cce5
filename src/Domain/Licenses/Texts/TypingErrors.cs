namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>
/// Finds words that no known licence uses but that are one letter away from one that some do, and reads them as that word. A text read so is never exact; it only becomes
/// clear which licence it was typed from.
/// </summary>
internal static class TypingErrors
{
    private const int MostErrors = 3000;
    private const int ShortestWord = 4;
    private const int LongestWord = 24;

    /// <summary>The text with the errors read as what was meant, and the places of the words concerned.</summary>
    public static (WordedText Text, HashSet<int> At) Read(WordedText text, IReadOnlySet<uint> vocabulary)
    {
        var errors = new HashSet<int>();
        Word[]? words = null;
        for (var at = 0; at < text.Words.Count && errors.Count < MostErrors; at++)
        {
            var word = text.Words[at];
            if (vocabulary.Contains(word.Hash) || word.Length is < ShortestWord or > LongestWord) continue;
            var letters = text.Text.Substring(word.Start, word.Length).ToLowerInvariant();
            if (!letters.All(char.IsLetter) || Meant(letters, vocabulary) is not { } meant) continue;
            words ??= [.. text.Words];
            words[at] = word with { Hash = meant };
            errors.Add(at);
        }
        return (words is null ? text : text with { Words = words }, errors);
    }

    private static uint? Meant(string word, IReadOnlySet<uint> vocabulary)
    {
        Span<char> letters = stackalloc char[LongestWord + 1];
        for (var at = 0; at + 1 < word.Length; at++) // two letters swapped
        {
            word.CopyTo(letters);
            (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
            if (Known(letters[..word.Length], vocabulary) is { } swapped) return swapped;
        }
        for (var at = 0; at < word.Length; at++) // one too many
        {
            word.AsSpan(0, at).CopyTo(letters);
            word.AsSpan(at + 1).CopyTo(letters[at..]);
            if (Known(letters[..(word.Length - 1)], vocabulary) is { } shorter) return shorter;
        }
        for (var at = 0; at <= word.Length; at++) // one missing, one wrong
        {
            for (var letter = 'a'; letter <= 'z'; letter++)
            {
                word.AsSpan(0, at).CopyTo(letters);
                letters[at] = letter;
                word.AsSpan(at).CopyTo(letters[(at + 1)..]);
                if (Known(letters[..(word.Length + 1)], vocabulary) is { } longer) return longer;
                if (at == word.Length) continue;
                word.CopyTo(letters);
                letters[at] = letter;
                if (Known(letters[..word.Length], vocabulary) is { } other) return other;
            }
        }
        return null;
    }

    private static uint? Known(ReadOnlySpan<char> word, IReadOnlySet<uint> vocabulary) => Word.HashOf(word) is var hash && vocabulary.Contains(hash) ? hash : null;
}
