namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The words of some documents, in their order, each with the documents it is in.</summary>
internal sealed class TextSegment(NameTable words, PostingLists lists)
{
    /// <summary>A word in more than one document in so many is kept as bits.</summary>
    private const int Share = 48;

    /// <summary>How much there is to read when this is merged with another.</summary>
    public long Size { get; } = Enumerable.Range(0, words.Count).Sum(word => (long)lists.CountOf(word)) + words.Count;

    /// <summary>Documents with the word, or with any word that starts so.</summary>
    public DocSet Find(ReadOnlySpan<byte> word, bool isPrefix, Workspace work)
    {
        var from = words.Place(word);
        if (!isPrefix) return from < words.Count && words[from].SequenceEqual(word) ? lists[from] : DocSet.Empty;
        Span<byte> beyond = [.. word, 0xFF]; // no byte of UTF-8 is as high
        var to = words.Place(beyond);
        return from == to ? DocSet.Empty : lists.Union(from, to, work);
    }

    /// <summary>Both together, without the documents of the older one that are stale.</summary>
    public static TextSegment Merge(TextSegment older, ulong[]? stale, TextSegment newer, int documents)
    {
        var merger = new Merger(older, stale, newer);
        var (text, starts, counts) = (new MemoryStream(), new List<int> { 0 }, new List<int>());
        foreach (var (left, right) in merger.Words())
        {
            var count = merger.Documents(left, right).Length;
            if (count == 0) continue;
            text.Write(left >= 0 ? older.Word(left) : newer.Word(right));
            starts.Add(checked((int)text.Length));
            counts.Add(count);
        }
        var builder = new PostingLists.Builder(documents, counts.ToArray(), Share);
        var word = 0;
        foreach (var (left, right) in merger.Words())
        {
            var found = merger.Documents(left, right);
            foreach (var document in found) builder.Add(word, document);
            if (found.Length > 0) word++;
        }
        return new(new(text.ToArray(), [.. starts]), builder.Build());
    }

    private ReadOnlySpan<byte> Word(int at) => words[at];

    private DocSet Documents(int at) => lists[at];

    private int Words => words.Count;

    /// <summary>Goes through the words of two segments side by side.</summary>
    private sealed class Merger(TextSegment older, ulong[]? stale, TextSegment newer)
    {
        private int[] _found = new int[1024];
        private int[] _listed = new int[1024];

        /// <summary>Pairs of places, of which one is -1 where only the other segment has the word.</summary>
        public IEnumerable<(int Older, int Newer)> Words()
        {
            int left = 0, right = 0;
            while (left < older.Words || right < newer.Words)
            {
                var compared = left == older.Words ? 1 : right == newer.Words ? -1 : older.Word(left).SequenceCompareTo(newer.Word(right));
                yield return (compared <= 0 ? left++ : -1, compared >= 0 ? right++ : -1);
            }
        }

        public ReadOnlySpan<int> Documents(int left, int right)
        {
            var mine = left < 0 ? 0 : List(older.Documents(left), ref _found);
            var kept = 0;
            for (var at = 0; at < mine; at++)
                if (stale is null || !Bits.Has(stale, _found[at])) _found[kept++] = _found[at];
            if (right < 0) return _found.AsSpan(0, kept);
            var others = List(newer.Documents(right), ref _listed);
            if (kept + others > _found.Length) Array.Resize(ref _found, 2 * (kept + others));
            _listed.AsSpan(0, others).CopyTo(_found.AsSpan(kept));
            var all = _found.AsSpan(0, kept + others);
            if (kept > 0 && others > 0 && all[kept - 1] > all[kept]) all.Sort();
            return all;
        }

        private static int List(DocSet set, ref int[] into)
        {
            if (set.Count > into.Length) into = new int[2 * set.Count];
            if (set.IsBits) Bits.List(set.Bits, into);
            else set.List.CopyTo(into);
            return set.Count;
        }
    }

    /// <summary>Takes the texts of documents, documents rising.</summary>
    internal sealed class Builder
    {
        private const int BlockLength = 1 << 18;
        private readonly WordTable _words = new();
        private readonly List<int[]> _blocks = []; // ~document, then the numbers of its words, and so on
        private int _used = BlockLength;
        private int[] _counts = new int[1024];
        private int[] _last = new int[1024]; // the last document that had the word, + 1
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
            if (number >= _counts.Length)
            {
                Array.Resize(ref _counts, _counts.Length * 2);
                Array.Resize(ref _last, _counts.Length);
            }
            return number;
        }

        public void Add(int word)
        {
            if (_last[word] == _document + 1) return;
            _last[word] = _document + 1;
            _counts[word]++;
            Keep(word);
        }

        public TextSegment Build(int documents)
        {
            var names = _words.Names();
            var order = names.Order([.. Enumerable.Range(0, names.Count)]);
            var (places, counts) = (new int[order.Length], new int[order.Length]);
            for (var place = 0; place < order.Length; place++) (places[order[place]], counts[place]) = (place, _counts[order[place]]);
            var lists = new PostingLists.Builder(documents, counts, Share);
            var document = 0;
            for (var block = 0; block < _blocks.Count; block++)
            {
                foreach (var entry in _blocks[block].AsSpan(0, block == _blocks.Count - 1 ? _used : BlockLength))
                {
                    if (entry < 0) document = ~entry;
                    else lists.Add(places[entry], document);
                }
                _blocks[block] = [];
            }
            return new(names.Sorted(order), lists.Build());
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
}
