using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The words of all documents: a large segment, and a small one of what changed since it was made.</summary>
internal sealed class TextIndex
{
    public static readonly TextIndex Nothing = new([]);

    private readonly IReadOnlyList<(TextSegment Words, ulong[]? Stale)> _layers;

    private TextIndex(IReadOnlyList<(TextSegment, ulong[]?)> layers) => _layers = layers;

    public static TextIndex Of(TextSegment words) => new([(words, null)]);

    /// <summary>Documents that have every word of the query, its last one also as the beginning of a longer one; null if it has no word at all.</summary>
    public DocSet? Find(string query, Workspace work)
    {
        List<DocSet> sets = [];
        var text = Encoding.UTF8.GetBytes(query);
        Span<byte> now = stackalloc byte[WordReader.Longest], before = stackalloc byte[WordReader.Longest];
        var reader = new WordReader(text, now);
        for (var more = reader.Next(); more;)
        {
            var length = reader.Current.Length;
            reader.Current.CopyTo(before);
            more = reader.Next();
            sets.Add(Find(before[..length], isPrefix: !more, work));
        }
        return sets is [] ? null : work.Intersection(sets.ToArray());
    }

    /// <summary>With the new words of the documents that changed or went, in place of their old ones.</summary>
    public TextIndex With(TextSegment fresh, IEnumerable<int> changed, int documents)
    {
        var stale = new ulong[Bits.Words(documents)];
        foreach (var document in changed) Bits.Add(stale, document);
        if (_layers is []) return Of(fresh);
        var recent = _layers.Count == 1 ? fresh : TextSegment.Merge(_layers[1].Words, stale, fresh, documents);
        var (main, old) = _layers[0];
        if (old is not null) Bits.Or(stale.AsSpan(0, old.Length), old);
        return recent.Size > main.Size / 16 + 10_000
            ? Of(TextSegment.Merge(main, stale, recent, documents))
            : new([(main, stale), (recent, null)]);
    }

    private DocSet Find(ReadOnlySpan<byte> word, bool isPrefix, Workspace work)
    {
        List<DocSet> sets = [];
        foreach (var (words, stale) in _layers)
        {
            var found = words.Find(word, isPrefix, work);
            sets.Add(stale is null || found.Count == 0 ? found : work.Without(found, stale));
        }
        return work.Union(sets);
    }
}
