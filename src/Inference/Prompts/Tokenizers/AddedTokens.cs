using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>Tokens that are cut out of a text before the model sees it, such as <c>&lt;|im_start|&gt;</c>. Longest first at the leftmost place.</summary>
internal sealed class AddedTokens
{
    private readonly Trie _raw = new();
    private readonly Trie _normalized = new();
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special);

    public IReadOnlyDictionary<int, AddedToken> ById => _byId;
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>As in the original, a token that is in the model's vocabulary keeps the id it has there, and any other gets the next free one, whatever the file says; but one that fills a gap of the vocabulary fills it.</summary>
    public static AddedTokens Read(JsonElement root, Normalizer normalizer, Vocabulary vocabulary)
    {
        var (tokens, next) = (new AddedTokens(), vocabulary.Count);
        foreach (var json in root.Items("added_tokens"))
        {
            var token = new AddedToken(json.Number("id", -1), json.Text("content") ?? "", json.Flag("single_word"), json.Flag("lstrip"), json.Flag("rstrip"), json.Flag("normalized", true), json.Flag("special"));
            if (token.Id is < 0 or >= Vocabulary.MaxSize) throw new TokenizerException($"tokenizer.json: the added token '{token.Content}' has the id {token.Id}");
            if (token.Content.Length == 0) continue;
            token = token with { Id = tokens._ids.TryGetValue(token.Content, out var added) ? added : vocabulary.Find(token.Content) is var known and >= 0 ? known : vocabulary.HasGap(token.Id) ? token.Id : next };
            next = Math.Max(next, token.Id + 1);
            tokens._ids[token.Content] = token.Id;
            tokens._byId[token.Id] = token;
            if (token.Normalized) tokens._normalized.Add(normalizer(AlignedText.From(token.Content)), token);
            else tokens._raw.Add(AlignedText.From(token.Content), token);
        }
        return tokens;
    }

    /// <summary>Cuts at tokens that are matched on the text as it came.</summary>
    public IEnumerable<(AlignedText Text, AddedToken? Token)> SplitRaw(AlignedText text, bool parseSpecial) => Split(text, _raw, parseSpecial);

    /// <summary>Cuts at tokens that are matched on normalised text.</summary>
    public IEnumerable<(AlignedText Text, AddedToken? Token)> SplitNormalized(AlignedText text, bool parseSpecial) => Split(text, _normalized, parseSpecial);

    private static IEnumerable<(AlignedText, AddedToken?)> Split(AlignedText text, Trie trie, bool parseSpecial)
    {
        var done = 0;
        for (var at = 0; at < text.Length;)
        {
            if (trie.Longest(text, at, parseSpecial) is not { } match)
            {
                at++;
                continue;
            }
            var (start, end) = (at, at + match.Length);
            at = end;
            if (match.Token.SingleWord && ((start > 0 && CodePoints.IsWord(text[start - 1])) || (end < text.Length && CodePoints.IsWord(text[end])))) continue;
            while (match.Token.LeftStrip && start > done && CodePoints.IsSpace(text[start - 1])) start--;
            while (match.Token.RightStrip && end < text.Length && CodePoints.IsSpace(text[end])) end++;
            if (start > done) yield return (text.Slice(done, start - done), null);
            yield return (text.Slice(start, end - start), match.Token);
            done = at = end;
        }
        if (done < text.Length) yield return (text.Slice(done, text.Length - done), null);
    }

    private sealed class Trie
    {
        private readonly Dictionary<(int Node, int Code), int> _edges = [];
        private readonly Dictionary<int, AddedToken> _ends = [];
        private int _nodes = 1;

        public void Add(AlignedText content, AddedToken token)
        {
            var node = 0;
            foreach (var code in content.Codes)
            {
                if (!_edges.TryGetValue((node, code), out var next)) _edges[(node, code)] = next = _nodes++;
                node = next;
            }
            if (node > 0) _ends[node] = token;
        }

        public (AddedToken Token, int Length)? Longest(AlignedText text, int start, bool parseSpecial)
        {
            if (_ends.Count == 0) return null;
            (AddedToken, int)? found = null;
            var node = 0;
            for (var i = start; i < text.Length && _edges.TryGetValue((node, text[i]), out node); i++)
                if (_ends.TryGetValue(node, out var token) && (parseSpecial || !token.Special)) found = (token, i - start + 1);
            return found;
        }
    }
}
