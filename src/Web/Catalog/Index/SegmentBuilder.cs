namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Takes the texts of documents, documents rising.</summary>
internal sealed class SegmentBuilder
{
    private const int BlockLength = 1 << 18;

    /// <summary>Words that are looked up together: enough that memory has come when they are needed, and few enough that it is still in the nearest cache.</summary>
    private const int Together = 128;

    private readonly WordTable _words = new();
    private readonly List<int[]> _blocks = []; // ~document, then the numbers of its words, and so on
    private int _used = BlockLength;
    private (int Count, int Last)[] _seen = new (int, int)[1024]; // in how many documents a word is, and the last of them, + 1
    private readonly Waiting[] _waiting = new Waiting[Together];
    private readonly byte[] _texts = new byte[Together * WordReader.Longest];
    private int _waits, _length;
    private int _document;
    private int _kept = -1;

    public void Start(int document) => _document = document;

    public void Add(ReadOnlySpan<byte> text)
    {
        var reader = new WordReader(text, stackalloc byte[WordReader.Longest]);
        while (reader.Next())
        {
            var word = reader.Current;
            var hash = WordTable.Hash(word);
            _words.Fetch(hash);
            word.CopyTo(_texts.AsSpan(_length));
            Wait(new(_document, hash, _length, word.Length));
            _length += word.Length;
        }
    }

    /// <summary>The number of a word, to add it more often than it is read.</summary>
    public int Number(ReadOnlySpan<byte> word) => Room(_words.Add(word));

    public void Add(int word)
    {
        Ahead.Fetch(in _seen[word]);
        Wait(new(_document, 0, 0, 0) { Word = word });
    }

    public TextSegment Build(int documents)
    {
        Look();
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

    private void Wait(Waiting word)
    {
        _waiting[_waits++] = word;
        if (_waits == Together) Look();
    }

    /// <summary>Looks the waiting words up, each step for all of them before the next: what a step reads the one before has fetched.</summary>
    private void Look()
    {
        var waiting = _waiting.AsSpan(0, _waits);
        foreach (ref var word in waiting)
            if (word.Length > 0) word.Word = _words.Likely(word.Hash);
        foreach (ref readonly var word in waiting)
        {
            if (word.Length == 0 || word.Word < 0) continue;
            _words.FetchText(word.Word);
            Ahead.Fetch(in _seen[word.Word]);
        }
        foreach (ref readonly var word in waiting) Keep(word.Document, word.Length == 0 ? word.Word : Room(_words.Add(_texts.AsSpan(word.Start, word.Length), word.Hash)));
        (_waits, _length) = (0, 0);
    }

    private void Keep(int document, int word)
    {
        ref var seen = ref _seen[word];
        if (seen.Last == document + 1) return;
        seen = (seen.Count + 1, document + 1);
        if (document != _kept) Keep(~document);
        _kept = document;
        Keep(word);
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

    private int Room(int word)
    {
        if (word >= _seen.Length) Array.Resize(ref _seen, _seen.Length * 2);
        return word;
    }

    /// <summary>A word of a document, of which either the text is known (its length is not zero) or already the number.</summary>
    private record struct Waiting(int Document, ulong Hash, int Start, int Length)
    {
        public int Word { get; set; }
    }
}
