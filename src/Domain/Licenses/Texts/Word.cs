namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>A word of a text as it counts for comparison, and where it stood.</summary>
/// <param name="Hash">Hash of the word after case, spelling and punctuation were evened out.</param>
/// <param name="AfterNumber">A list number or letter stood before it and was left out.</param>
/// <param name="LooksLikeNumber">Could itself be a list number or letter.</param>
internal readonly record struct Word(uint Hash, int Start, int Length, bool AfterNumber, bool LooksLikeNumber)
{
    public static uint HashOf(ReadOnlySpan<char> word)
    {
        var hash = 14695981039346656037UL; // FNV-1a, folded: fast, and the same on every machine
        foreach (var letter in word)
        {
            hash = (hash ^ (byte)letter) * 1099511628211UL;
            hash = (hash ^ (byte)(letter >> 8)) * 1099511628211UL;
        }
        return (uint)(hash ^ (hash >> 32));
    }
}

/// <summary>A text taken apart: the words in order, and the text they point into.</summary>
internal sealed record WordedText(string Text, IReadOnlyList<Word> Words)
{
    public const int GramLength = 3;
    public const int NoGram = -1;

    /// <summary>A 24-bit hash of three words in a row: enough to compare texts by, too little to read one back.</summary>
    public static int Gram(uint first, uint second, uint third)
    {
        var hash = (first * 0x9E3779B97F4A7C15UL) ^ (second * 0xC2B2AE3D27D4EB4FUL + 0x165667B19E3779F9UL);
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9UL + third * 0x94D049BB133111EBUL;
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93UL;
        return (int)(hash >> 40) % 0xFFFFFF; // all ones means "none" in the file
    }

    public int[] Grams()
    {
        var grams = new int[Words.Count];
        for (var i = 0; i < grams.Length; i++) grams[i] = i + 2 < grams.Length ? Gram(Words[i].Hash, Words[i + 1].Hash, Words[i + 2].Hash) : NoGram;
        return grams;
    }

    /// <summary>The words from one to another as they were written, on one line and cut to a length.</summary>
    public string Quote(int from, int to, int longest = 160)
    {
        if (from >= to) return "";
        var start = Words[from].Start;
        var end = Words[to - 1].Start + Words[to - 1].Length;
        var quote = string.Join(' ', Text[start..Math.Min(end, start + longest * 4)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return quote.Length <= longest ? quote : quote[..longest].TrimEnd() + "…";
    }
}
