using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>Byte-pair encoding: symbols are merged in the order of the merge list, lowest rank first, leftmost first.</summary>
internal sealed class BytePairModel : TokenizerModel
{
    private const int CachedPieces = 50_000;
    private const int CachedLength = 64;

    private readonly Dictionary<ulong, (int Rank, int Id)> _merges;
    private readonly ConcurrentDictionary<string, PieceToken[]> _cache = new(StringComparer.Ordinal);
    private readonly int[]? _byteTokens;
    private readonly int _unknown;
    private readonly bool _fuseUnknown;
    private readonly bool _ignoreMerges;
    private readonly string _prefix;
    private readonly string _suffix;

    private BytePairModel(JsonElement json, Vocabulary vocabulary) : base(vocabulary)
    {
        _prefix = json.Text("continuing_subword_prefix") ?? "";
        _suffix = json.Text("end_of_word_suffix") ?? "";
        _unknown = json.Text("unk_token") is { } unknown ? vocabulary.Find(unknown) : -1;
        _fuseUnknown = json.Flag("fuse_unk");
        _ignoreMerges = json.Flag("ignore_merges");
        _byteTokens = json.Flag("byte_fallback") ? ByteTokens(vocabulary) : null;
        _merges = ReadMerges(json, vocabulary, _prefix.Length);
    }

    public static new BytePairModel Read(JsonElement json) => new(json, ReadVocabulary(json));

    private static Dictionary<ulong, (int, int)> ReadMerges(JsonElement json, Vocabulary vocabulary, int prefix)
    {
        var merges = new Dictionary<ulong, (int, int)>();
        // Ours alone: merges of equal rank, where the leftmost place decides, as in a vocabulary with scores.
        var ranks = json.Items("merge_ranks").Select(rank => rank.ValueKind == JsonValueKind.Number && rank.TryGetInt32(out var number) ? number : throw new TokenizerException("tokenizer.json: a rank of a merge is no whole number")).ToArray();
        var rank = 0;
        foreach (var merge in json.Items("merges"))
        {
            var (left, right) = Pair(merge);
            var (leftId, rightId) = (vocabulary.Find(left), vocabulary.Find(right));
            var id = vocabulary.Find(left + (right.Length >= prefix ? right[prefix..] : right));
            if (leftId < 0 || rightId < 0 || id < 0) throw new TokenizerException($"tokenizer.json: merge {rank} names a token that is not in the vocabulary");
            merges[Key(leftId, rightId)] = (rank < ranks.Length ? ranks[rank] : rank, id);
            rank++;
        }
        return merges;
    }

    private static (string Left, string Right) Pair(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
            return (merge[0].GetString() ?? "", merge[1].GetString() ?? "");
        var text = merge.ValueKind == JsonValueKind.String ? merge.GetString() ?? "" : "";
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? (text[..space], text[(space + 1)..]) : throw new TokenizerException("tokenizer.json: a merge is no pair of tokens");
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    public override void Tokenize(AlignedText piece, List<PieceToken> tokens)
    {
        if (piece.Length == 0) return;
        var text = piece.ToString();
        if (piece.Length > CachedLength)
        {
            tokens.AddRange(Merge(piece, text));
            return;
        }
        if (!_cache.TryGetValue(text, out var known))
        {
            known = Merge(piece, text);
            if (_cache.Count < CachedPieces) _cache.TryAdd(text, known);
        }
        tokens.AddRange(known);
    }

    private PieceToken[] Merge(AlignedText piece, string text)
    {
        if (_ignoreMerges && Vocabulary.Find(text) is var whole and >= 0) return [new(whole, 0, piece.Length)];
        var symbols = Symbols(piece);
        var queue = new PriorityQueue<(int At, int Id), (int Rank, int At)>();
        for (var i = 0; i + 1 < symbols.Count; i++) Offer(i, i + 1);
        while (queue.TryDequeue(out var merge, out _))
        {
            var left = symbols[merge.At];
            // What stands there now may be another pair that makes the same token.
            if (left.Id < 0 || left.Next < 0 || !_merges.TryGetValue(Key(left.Id, symbols[left.Next].Id), out var now) || now.Id != merge.Id) continue;
            var right = symbols[left.Next];
            symbols[left.Next] = right with { Id = -1 };
            symbols[merge.At] = left with { Id = merge.Id, Length = right.Start + right.Length - left.Start, Next = right.Next };
            if (right.Next >= 0)
            {
                symbols[right.Next] = symbols[right.Next] with { Previous = merge.At };
                Offer(merge.At, right.Next);
            }
            if (left.Previous >= 0) Offer(left.Previous, merge.At);
        }
        var tokens = new List<PieceToken>();
        for (var i = 0; i >= 0 && i < symbols.Count; i = symbols[i].Next) tokens.Add(new(symbols[i].Id, symbols[i].Start, symbols[i].Length));
        return [.. tokens];

        void Offer(int left, int right)
        {
            if (_merges.TryGetValue(Key(symbols[left].Id, symbols[right].Id), out var merge))
                queue.Enqueue((left, merge.Id), (merge.Rank, left));
        }
    }

    private readonly record struct Symbol(int Id, int Start, int Length, int Previous, int Next);

    private List<Symbol> Symbols(AlignedText piece)
    {
        var found = new List<PieceToken>(piece.Length);
        PieceToken? unknown = null; // comes once it is known how far it goes
        for (var i = 0; i < piece.Length; i++)
        {
            var text = piece.ToString(i, 1);
            var id = Vocabulary.Find((i > 0 ? _prefix : "") + text + (i == piece.Length - 1 ? _suffix : ""));
            if (id >= 0)
            {
                if (unknown is { } before) found.Add(before);
                unknown = null;
                found.Add(new(id, i, 1));
            }
            else if (!AddBytes(text, i, found) && _unknown >= 0)
            {
                if (unknown is { } open && _fuseUnknown) unknown = open with { Length = i + 1 - open.Start };
                else
                {
                    if (unknown is { } before) found.Add(before);
                    unknown = new(_unknown, i, 1);
                }
            }
        }
        if (unknown is { } last) found.Add(last);
        return [.. found.Select((token, i) => new Symbol(token.Id, token.Start, token.Length, i - 1, i + 1 < found.Count ? i + 1 : -1))];
    }

    /// <summary>False where bytes are not used, or the vocabulary lacks one of them.</summary>
    private bool AddBytes(string letter, int at, List<PieceToken> found)
    {
        if (_byteTokens is null) return false;
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..Encoding.UTF8.GetBytes(letter, utf8)];
        foreach (var value in utf8)
            if (_byteTokens[value] < 0) return false;
        foreach (var value in utf8) found.Add(new(_byteTokens[value], at, 1));
        return true;
    }
}
