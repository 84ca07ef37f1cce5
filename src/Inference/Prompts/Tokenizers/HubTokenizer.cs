using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>The tokenizer that a tokenizer.json describes: added tokens, normaliser, pre-tokeniser, model, post-processor, decoder. Safe from several threads.</summary>
public sealed class HubTokenizer : ITokenizer
{
    private const long MaxFile = 64 * 1024 * 1024;

    private readonly AddedTokens _added;
    private readonly Normalizer _normalize;
    private readonly PreTokenizer _cut;
    private readonly TokenizerModel _model;
    private readonly PostProcessor _finish;
    private readonly TokenDecoder? _decode;

    private HubTokenizer(JsonElement root)
    {
        _model = TokenizerModel.Read(root.Member("model") ?? throw new TokenizerException("tokenizer.json has no model"));
        _normalize = Normalizers.Read(root.Member("normalizer"));
        _added = AddedTokens.Read(root, _normalize, _model.Vocabulary);
        VocabularySize = Math.Max(_model.Vocabulary.Size, _added.ById.Count == 0 ? 0 : _added.ById.Keys.Max() + 1);
        _cut = PreTokenizers.Read(root.Member("pre_tokenizer"));
        _finish = PostProcessors.Read(root.Member("post_processor"), TokenOf);
        _decode = Decoders.Read(root.Member("decoder"));
    }

    public int VocabularySize { get; }

    /// <exception cref="TokenizerException">The file is missing, too large, no JSON, or describes a part that is not known.</exception>
    public static HubTokenizer Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new TokenizerException($"{path} does not exist");
        if (file.Length > MaxFile) throw new TokenizerException($"{path} is larger than {MaxFile / 1024 / 1024} MiB");
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <param name="name">Where the bytes come from, for an error.</param>
    /// <exception cref="TokenizerException">They are no JSON, or describe a part that is not known.</exception>
    public static HubTokenizer Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new() { MaxDepth = 64 });
            return new(json.RootElement);
        }
        catch (JsonException broken)
        {
            throw new TokenizerException($"{name} is no JSON: {broken.Message}");
        }
    }

    public IReadOnlyList<TokenSpan> Encode(string text, bool addSpecial, bool parseSpecial = true)
    {
        var tokens = new List<TokenSpan>();
        foreach (var (part, token) in _added.SplitRaw(AlignedText.From(text), parseSpecial))
        {
            if (token is not null) tokens.Add(Whole(part, token));
            else
                foreach (var (piece, inner) in _added.SplitNormalized(_normalize(part), parseSpecial))
                {
                    if (inner is not null) tokens.Add(Whole(piece, inner));
                    else AddModelTokens(piece, tokens);
                }
        }
        return _finish(tokens, addSpecial);
    }

    private static TokenSpan Whole(AlignedText text, AddedTokens.AddedToken token) => new(token.Id, text.StartOf(0), text.EndOf(text.Length - 1), token.Special);

    private void AddModelTokens(AlignedText text, List<TokenSpan> tokens)
    {
        var found = new List<PieceToken>();
        foreach (var piece in _cut(text))
        {
            if (piece.Length == 0) continue;
            found.Clear();
            _model.Tokenize(piece, found);
            foreach (var token in found) tokens.Add(new(token.Id, piece.StartOf(token.Start), piece.EndOf(token.Start + token.Length - 1)));
        }
    }

    public string Decode(IEnumerable<int> ids, bool skipSpecial = false)
    {
        var tokens = new List<string>();
        foreach (var id in ids)
            if (TokenOf(id) is { } token && !(skipSpecial && _added.ById.TryGetValue(id, out var added) && added.Special)) tokens.Add(token);
        return _decode is null ? string.Join(' ', tokens) : string.Concat(_decode(tokens));
    }

    public int? IdOf(string token) => _added.Ids.TryGetValue(token, out var added) ? added : _model.Vocabulary.Find(token) is var id and >= 0 ? id : null;

    public string? TokenOf(int id) => _added.ById.TryGetValue(id, out var added) ? added.Content : _model.Vocabulary.TokenOf(id);
}
