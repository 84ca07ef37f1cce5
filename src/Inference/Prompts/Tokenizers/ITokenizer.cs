namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>Text to token ids and back.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids, added tokens included; every id is below it.</summary>
    int VocabularySize { get; }

    /// <param name="addSpecial">Adds what the model's post-processor puts around a text, such as a begin token.</param>
    /// <param name="parseSpecial">Whether a special token written in the text becomes that token. False for what a user typed, so that text stays text.</param>
    IReadOnlyList<TokenSpan> Encode(string text, bool addSpecial, bool parseSpecial = true);

    string Decode(IEnumerable<int> ids, bool skipSpecial = false);

    int? IdOf(string token);

    /// <summary>Text form of one id in the vocabulary, marks and all; null for an id that has none.</summary>
    string? TokenOf(int id);
}

/// <param name="Start">First code point of the input that the token stands for.</param>
/// <param name="End">Code point behind the last; equal to <paramref name="Start"/> for a token that stands for nothing.</param>
public readonly record struct TokenSpan(int Id, int Start, int End, bool Special = false);

/// <summary>A tokenizer file that is broken, hostile, or of a kind this engine does not know. One sentence that names the part.</summary>
public sealed class TokenizerException(string message) : Exception(message);
