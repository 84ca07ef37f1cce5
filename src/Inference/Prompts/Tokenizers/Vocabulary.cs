using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>Tokens by id and by text. Ids may have gaps; absurd ones are refused, because arrays are sized by them.</summary>
internal sealed class Vocabulary
{
    public const int MaxSize = 4_000_000;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string?> _tokens = [];

    public Vocabulary() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Size => _tokens.Count;

    /// <summary>Tokens, gaps between ids not counted.</summary>
    public int Count { get; private set; }

    public static Vocabulary Read(JsonElement vocab)
    {
        var vocabulary = new Vocabulary();
        if (vocab.ValueKind != JsonValueKind.Object) throw new TokenizerException("tokenizer.json: the vocabulary is no object of tokens and ids");
        foreach (var token in vocab.EnumerateObject())
        {
            if (token.Value.ValueKind != JsonValueKind.Number || !token.Value.TryGetInt32(out var id))
                throw new TokenizerException("tokenizer.json: the vocabulary has an id that is no whole number");
            vocabulary.Add(token.Name, id);
        }
        return vocabulary;
    }

    public void Add(string token, int id)
    {
        if (id is < 0 or >= MaxSize) throw new TokenizerException($"tokenizer.json: the token id {id} is outside 0 to {MaxSize - 1}");
        while (_tokens.Count <= id) _tokens.Add(null);
        if (_tokens[id] is null) Count++;
        _tokens[id] = token;
        _ids[token] = id;
    }

    public int Find(ReadOnlySpan<char> token) => _lookup.TryGetValue(token, out var id) ? id : -1;

    public bool HasGap(int id) => id >= 0 && id < _tokens.Count && _tokens[id] is null;

    public string? TokenOf(int id) => id >= 0 && id < _tokens.Count ? _tokens[id] : null;
}
