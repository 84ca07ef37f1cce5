namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The words of some documents, in their order, each with the documents it is in.</summary>
internal sealed class TextSegment
{
    private readonly SortedTexts _words;
    private readonly Dictionary<int, DocSet> _dense;

    public TextSegment(SortedTexts words, Dictionary<int, DocSet> dense, long size) => (_words, _dense, Size) = (words, dense, size);

    /// <summary>How much there is to read when this is merged with another.</summary>
    public long Size { get; }

    /// <summary>Documents with the word, or with any word that starts so.</summary>
    public DocSet Find(ReadOnlySpan<byte> word, bool isPrefix, Workspace work)
    {
        var union = new DocUnion(work);
        var words = _words.From(_words.Place(word));
        for (var place = words.Place; words.Next() && words.Text.StartsWith(word) && (isPrefix || words.Text.Length == word.Length); place++)
        {
            if (!_dense.TryGetValue(place, out var bits)) union.Add(words.Note);
            else if (!isPrefix && bits.Bits.Length == work.Words) return bits;
            else union.Add(bits);
            if (!isPrefix) break;
        }
        return union.Build();
    }

    /// <summary>Both together, without the documents of the older one that are stale.</summary>
    public static TextSegment Merge(TextSegment older, ulong[]? stale, TextSegment newer, int documents)
    {
        var writer = new SegmentWriter(documents);
        var (left, right) = (older._words.From(0), newer._words.From(0));
        var (mine, others) = (new DocumentReader(older), new DocumentReader(newer));
        for (bool hasLeft = left.Next(), hasRight = right.Next(); hasLeft || hasRight;)
        {
            var compared = !hasLeft ? 1 : !hasRight ? -1 : left.Text.SequenceCompareTo(right.Text);
            var kept = compared <= 0 ? mine.Read(left.Place - 1, left.Note) : [];
            if (stale is not null) kept = kept[..DropStale(kept, stale)];
            var fresh = compared >= 0 ? others.Read(right.Place - 1, right.Note) : [];
            writer.Add(compared <= 0 ? left.Text : right.Text, kept, fresh);
            if (compared <= 0) hasLeft = left.Next();
            if (compared >= 0) hasRight = right.Next();
        }
        return writer.Build();
    }

    private static int DropStale(Span<int> documents, ReadOnlySpan<ulong> stale)
    {
        var kept = 0;
        foreach (var document in documents)
            if (!Bits.Has(stale, document)) documents[kept++] = document;
        return kept;
    }

    /// <summary>The documents of one word after the other, in memory that is used again.</summary>
    private sealed class DocumentReader(TextSegment segment)
    {
        private int[] _found = new int[1024];

        public Span<int> Read(int place, ReadOnlySpan<byte> note)
        {
            var isDense = segment._dense.TryGetValue(place, out var bits);
            var count = isDense ? bits.Count : Postings.Count(note);
            if (count > _found.Length) _found = new int[2 * count];
            if (isDense) Bits.List(bits.Bits, _found);
            else Postings.Read(note, _found);
            return _found.AsSpan(0, count);
        }
    }
}
