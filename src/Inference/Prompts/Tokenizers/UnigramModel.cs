using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>SentencePiece's unigram model: the most probable way to cut a piece into tokens of the vocabulary.</summary>
internal sealed class UnigramModel : TokenizerModel
{
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly Dictionary<(int Node, int Code), int> _edges = [];
    private readonly List<int> _tokenAt = [-1];
    private readonly int[]? _byteTokens;
    private readonly int _unknown;
    private readonly double _unknownScore;

    private UnigramModel(JsonElement json, Vocabulary vocabulary, double[] scores) : base(vocabulary)
    {
        _scores = scores;
        _unknown = json.Number("unk_id", -1);
        _unknownScore = (scores.Length > 0 ? scores.Min() : 0) - UnknownPenalty;
        _byteTokens = json.Flag("byte_fallback") ? ByteTokens(vocabulary) : null;
        for (var id = 0; id < scores.Length; id++) AddToTrie(vocabulary.TokenOf(id) ?? "", id);
    }

    public static new UnigramModel Read(JsonElement json)
    {
        var vocabulary = new Vocabulary();
        var scores = new List<double>();
        foreach (var entry in json.Items("vocab"))
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[0].ValueKind != JsonValueKind.String || entry[1].ValueKind != JsonValueKind.Number)
                throw new TokenizerException("tokenizer.json: a Unigram vocabulary is a list of pairs of token and score");
            vocabulary.Add(entry[0].GetString() ?? "", scores.Count);
            scores.Add(entry[1].GetDouble());
        }
        return new(json, vocabulary, [.. scores]);
    }

    private void AddToTrie(string token, int id)
    {
        var node = 0;
        foreach (var rune in token.EnumerateRunes())
        {
            if (!_edges.TryGetValue((node, rune.Value), out var next))
            {
                next = _tokenAt.Count;
                _edges[(node, rune.Value)] = next;
                _tokenAt.Add(-1);
            }
            node = next;
        }
        if (node > 0) _tokenAt[node] = id; // the last of several
    }

    public override void Tokenize(AlignedText piece, List<PieceToken> tokens)
    {
        var length = piece.Length;
        var best = new (double Score, int Start, int Id)[length + 1];
        Array.Fill(best, (double.NegativeInfinity, -1, -1));
        best[0] = (0, -1, -1);
        for (var start = 0; start < length; start++)
        {
            var node = 0;
            var hasSingle = false;
            for (var end = start; end < length && _edges.TryGetValue((node, piece[end]), out node); end++)
            {
                if (_tokenAt[node] is not (>= 0 and var id)) continue;
                hasSingle |= end == start;
                Offer(end + 1, best[start].Score + _scores[id], start, id);
            }
            if (!hasSingle) Offer(start + 1, best[start].Score + _unknownScore, start, -1);
        }
        Emit(piece, best, tokens);

        void Offer(int end, double score, int start, int id)
        {
            if (score > best[end].Score) best[end] = (score, start, id);
        }
    }

    private void Emit(AlignedText piece, (double Score, int Start, int Id)[] best, List<PieceToken> tokens)
    {
        var reversed = new List<PieceToken>();
        for (var end = piece.Length; end > 0; end = best[end].Start)
        {
            var (_, start, id) = best[end];
            if (id < 0 && reversed is [.., { Id: < 0 } after]) reversed[^1] = new(-1, start, after.Start + after.Length - start);
            else reversed.Add(new(id, start, end - start));
        }
        foreach (var token in reversed.AsEnumerable().Reverse())
        {
            if (token.Id >= 0) tokens.Add(token);
            else if (AddBytes(piece, token, tokens)) { }
            else if (_unknown >= 0) tokens.Add(token with { Id = _unknown });
            else throw new TokenizerException("the text has a character that the tokenizer does not know, and the tokenizer names no unknown token");
        }
    }

    /// <summary>False where bytes are not used, or the vocabulary lacks one of them.</summary>
    private bool AddBytes(AlignedText piece, PieceToken unknown, List<PieceToken> tokens)
    {
        if (_byteTokens is null) return false;
        var found = new List<PieceToken>();
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = unknown.Start; i < unknown.Start + unknown.Length; i++)
        {
            var count = Encoding.UTF8.GetBytes(piece.ToString(i, 1), utf8);
            foreach (var value in utf8[..count])
            {
                if (_byteTokens[value] < 0) return false;
                found.Add(unknown with { Id = _byteTokens[value] });
            }
        }
        tokens.AddRange(found);
        return true;
    }
}
