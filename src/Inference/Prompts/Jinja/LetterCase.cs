using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>Upper and lower case as Python has them, where a letter may become several and the last sigma of a word has a form of its own.</summary>
internal static class LetterCase
{
    private static readonly (string Letter, string Upper)[] _longer =
        [("ß", "SS"), ("ﬀ", "FF"), ("ﬁ", "FI"), ("ﬂ", "FL"), ("ﬃ", "FFI"), ("ﬄ", "FFL"), ("ﬅ", "ST"), ("ﬆ", "ST"), ("ŉ", "ʼN"), ("ǰ", "J̌")];

    public static string Upper(string text)
    {
        foreach (var (letter, upper) in _longer)
            if (text.Contains(letter, StringComparison.Ordinal)) text = text.Replace(letter, upper, StringComparison.Ordinal);
        return text.ToUpperInvariant();
    }

    public static string Lower(string text)
    {
        if (!text.AsSpan().ContainsAny('Σ', 'İ')) return text.ToLowerInvariant();
        var lower = new StringBuilder(text.Length + 1);
        for (var i = 0; i < text.Length; i++) lower.Append(Lower(text, i));
        return lower.ToString().ToLowerInvariant(); // once more, for letters of two units
    }

    /// <summary>The letter at a place of a text, which may be the end of a word.</summary>
    public static string Lower(string text, int at) => text[at] switch
    {
        'Σ' => at > 0 && char.IsLetter(text[at - 1]) && (at + 1 == text.Length || !char.IsLetter(text[at + 1])) ? "ς" : "σ",
        'İ' => "i\u0307",
        var other => char.ToLowerInvariant(other).ToString(),
    };

    /// <summary>Capitals small, small letters capital.</summary>
    public static string Swap(string text) => string.Concat(text.Select((letter, i) => char.IsUpper(letter) ? Lower(text, i) : Upper(letter.ToString())));

    public static bool IsUpper(string text) => text.Any(char.IsUpper) && !text.Any(char.IsLower);

    public static bool IsLower(string text) => text.Any(char.IsLower) && !text.Any(char.IsUpper);
}
