namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Takes words in their order, each with its documents; a word without any is left out.</summary>
internal sealed class SegmentWriter(int documents)
{
    /// <summary>A word in more than one document in so many is kept as bits.</summary>
    private const int Share = 24;

    private readonly SortedTexts.Builder _words = new();
    private readonly Dictionary<int, DocSet> _dense = [];
    private int[] _both = new int[1024];
    private byte[] _note = new byte[1024];
    private int _count;
    private long _size;

    public void Add(ReadOnlySpan<byte> word, ReadOnlySpan<int> some, ReadOnlySpan<int> more)
    {
        if (more.IsEmpty || some.IsEmpty)
        {
            Add(word, some.IsEmpty ? more : some);
            return;
        }
        if (some.Length + more.Length > _both.Length) _both = new int[2 * (some.Length + more.Length)];
        var both = _both.AsSpan(0, some.Length + more.Length);
        some.CopyTo(both);
        more.CopyTo(both[some.Length..]);
        if (some[^1] > more[0]) both.Sort();
        Add(word, both);
    }

    public void Add(ReadOnlySpan<byte> word, ReadOnlySpan<int> having)
    {
        if (having.IsEmpty) return;
        _size += having.Length + 1;
        if ((long)having.Length * Share > documents && having.Length > 64)
        {
            var bits = new ulong[Bits.Words(documents)];
            foreach (var document in having) Bits.Add(bits, document);
            _dense[_count++] = DocSet.Bitmap(bits, bits.Length, having.Length);
            _words.Add(word);
            return;
        }
        if (Postings.Most(having.Length) > _note.Length) _note = new byte[2 * Postings.Most(having.Length)];
        _words.Add(word, _note.AsSpan(0, Postings.Write(having, _note)));
        _count++;
    }

    public TextSegment Build() => new(_words.Build(), _dense, _size);
}
