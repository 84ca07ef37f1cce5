namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Takes the texts of documents, documents rising.</summary>
internal sealed class SegmentBuilder
{
    private const int BlockLength = 1 << 18;
    private readonly WordTable _words = new();
    private readonly List<int[]> _blocks = []; // ~document, then the numbers of its words, and so on
    private int _used = BlockLength;
    private (int Count, int Last)[] _seen = new (int, int)[1024]; // in how many documents a word is, and the last of them, + 1
    private int _document;

    public void Start(int document)
    {
        _document = document;
        Keep(~document);
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        var reader = new WordReader(text, stackalloc byte[WordReader.Longest]);
        while (reader.Next()) Add(Number(reader.Current));
    }

    /// <summary>The number of a word, to add it more often than it is read.</summary>
    public int Number(ReadOnlySpan<byte> word)
    {
        var number = _words.Add(word);
        if (number >= _seen.Length) Array.Resize(ref _seen, _seen.Length * 2);
        return number;
    }

    public void Add(int word)
    {
        ref var seen = ref _seen[word];
        if (seen.Last == _document + 1) return;
        seen = (seen.Count + 1, _document + 1);
        Keep(word);
    }

    public TextSegment Build(int documents)
    {
        var names = _words.Names();
        var ends = new int[names.Count]; // first where the documents of a word start, at last where they end
        var total = 0;
        for (var word = 0; word < ends.Length; word++) (ends[word], total) = (total, checked(total + _seen[word].Count));
        var having = GC.AllocateUninitializedArray<int>(total);
        var document = 0;
        for (var block = 0; block < _blocks.Count; block++)
        {
            foreach (var entry in _blocks[block].AsSpan(0, block == _blocks.Count - 1 ? _used : BlockLength))
            {
                if (entry < 0) document = ~entry;
                else having[ends[entry]++] = document;
            }
            _blocks[block] = [];
        }
        var writer = new SegmentWriter(documents);
        foreach (var word in names.Order([.. Enumerable.Range(0, names.Count)])) writer.Add(names[word], having.AsSpan(ends[word] - _seen[word].Count, _seen[word].Count));
        return writer.Build();
    }

    private void Keep(int entry)
    {
        if (_used == BlockLength)
        {
            _blocks.Add(GC.AllocateUninitializedArray<int>(BlockLength));
            _used = 0;
        }
        _blocks[^1][_used++] = entry;
    }
}
