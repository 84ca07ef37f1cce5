using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>A token within a piece: where it starts and how many code points it covers.</summary>
internal readonly record struct PieceToken(int Id, int Start, int Length);

/// <summary>The <c>model</c> part of tokenizer.json: a piece of text to ids.</summary>
internal abstract class TokenizerModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary { get; } = vocabulary;

    public abstract void Tokenize(AlignedText piece, List<PieceToken> tokens);

    public static TokenizerModel Read(JsonElement json)
    {
        // Files older than the type field: merges mean BPE, a list of pairs Unigram.
        var kind = json.Text("type") ?? (json.Member("merges") is not null ? "BPE"
            : json.Member("vocab")?.ValueKind == JsonValueKind.Array ? "Unigram"
            : json.Member("continuing_subword_prefix") is not null ? "WordPiece" : "WordLevel");
        return kind switch
        {
            "BPE" => BytePairModel.Read(json),
            "Unigram" => UnigramModel.Read(json),
            "WordPiece" => new WordPieceModel(json),
            "WordLevel" => new WordLevelModel(json),
            _ => throw new TokenizerException($"tokenizer.json: the model {kind} is not known"),
        };
    }

    protected static Vocabulary ReadVocabulary(JsonElement json) =>
        Vocabulary.Read(json.Member("vocab") ?? throw new TokenizerException("tokenizer.json: the model has no vocabulary"));

    /// <summary>Ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; -1 where one is missing.</summary>
    protected static int[] ByteTokens(Vocabulary vocabulary) => [.. Enumerable.Range(0, 256).Select(value => vocabulary.Find($"<0x{value:X2}>"))];
}

internal sealed class WordPieceModel(JsonElement json) : TokenizerModel(ReadVocabulary(json))
{
    private readonly string _prefix = json.Text("continuing_subword_prefix") ?? "##";
    private readonly string _unknown = json.Text("unk_token") ?? "[UNK]";
    private readonly int _longest = Math.Clamp(json.Number("max_input_chars_per_word", 100), 1, 10_000);

    public override void Tokenize(AlignedText piece, List<PieceToken> tokens)
    {
        var before = tokens.Count;
        for (var start = 0; start < piece.Length;)
        {
            var end = piece.Length <= _longest ? piece.Length : start;
            var id = -1;
            for (; end > start; end--)
            {
                var part = piece.ToString(start, end - start);
                id = Vocabulary.Find(start > 0 ? _prefix + part : part);
                if (id >= 0) break;
            }
            if (id < 0)
            {
                tokens.RemoveRange(before, tokens.Count - before);
                tokens.Add(new(UnknownId(Vocabulary, _unknown), 0, piece.Length));
                return;
            }
            tokens.Add(new(id, start, end - start));
            start = end;
        }
    }

    internal static int UnknownId(Vocabulary vocabulary, string unknown) =>
        vocabulary.Find(unknown) is var id and >= 0 ? id : throw new TokenizerException($"tokenizer.json: the unknown token '{unknown}' is not in the vocabulary");
}

internal sealed class WordLevelModel(JsonElement json) : TokenizerModel(ReadVocabulary(json))
{
    private readonly string _unknown = json.Text("unk_token") ?? "<unk>";

    public override void Tokenize(AlignedText piece, List<PieceToken> tokens)
    {
        var id = Vocabulary.Find(piece.ToString());
        tokens.Add(new(id >= 0 ? id : WordPieceModel.UnknownId(Vocabulary, _unknown), 0, piece.Length));
    }
}
