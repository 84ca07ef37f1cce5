namespace ModelAtlas.Web.Catalog.Index;

/// <summary>For each of many values the documents that have it.</summary>
internal sealed class PostingLists
{
    private const int Stretch = 1 << 17, Short = 256;
    private readonly int[] _starts;
    private readonly int[] _documents;
    private readonly Dictionary<int, DocSet> _dense;

    private PostingLists(int[] starts, int[] documents, Dictionary<int, DocSet> dense) => (_starts, _documents, _dense) = (starts, documents, dense);

    public int Values => _starts.Length - 1;

    public DocSet this[int value] => _dense.TryGetValue(value, out var bits) ? bits : DocSet.Listed(_documents, _starts[value], _starts[value + 1] - _starts[value]);

    public int CountOf(int value) => _starts[value + 1] - _starts[value] is var listed && listed > 0 ? listed : _dense.TryGetValue(value, out var bits) ? bits.Count : 0;

    /// <summary>How many of the first values are kept as bits; those of most documents come first.</summary>
    public int Dense(int values) => Math.Min(values, _dense.Count);

    /// <summary>How long the lists of the first values are together.</summary>
    public int Listed(int values) => _starts[values];

    /// <summary>
    /// How many of the documents have each of some values. Lists are read side by side, a stretch of documents at a time whose bits stay in the nearest cache:
    /// that is several times as quick as one list after the other over all bits.
    /// </summary>
    public void CountBoth(ReadOnlySpan<ulong> bits, int from, Span<int> counts)
    {
        var next = counts.Length <= 512 ? stackalloc int[counts.Length] : new int[counts.Length];
        var listed = false;
        for (var at = 0; at < counts.Length; at++)
        {
            var list = _documents.AsSpan(_starts[from + at]..(next[at] = _starts[from + at + 1]));
            if (list.IsEmpty) counts[at] = _dense.TryGetValue(from + at, out var set) ? Bits.CountBoth(bits, set.Bits) : 0;
            else if (list.Length < Short) counts[at] = Bits.CountBoth(bits, list);
            else (next[at], counts[at], listed) = (_starts[from + at], 0, true);
        }
        for (var end = Stretch; listed; end += Stretch)
        {
            for (var at = 0; at < counts.Length; at++)
            {
                var list = _documents.AsSpan(next[at].._starts[from + at + 1]);
                var (read, count) = (0, 0);
                for (; read < list.Length && list[read] < end; read++) count += (int)(bits[list[read] >> 6] >> list[read] & 1);
                counts[at] += count;
                next[at] += read;
            }
            listed = end >> 6 < bits.Length;
        }
    }

    /// <summary>Moves each of the sorted documents once to the front; gives how many there are.</summary>
    public static int Distinct(Span<int> sorted)
    {
        var kept = 0;
        foreach (var document in sorted)
            if (kept == 0 || sorted[kept - 1] != document) sorted[kept++] = document;
        return kept;
    }

    /// <summary>Takes first the number of documents of every value, then each pair once, documents rising.</summary>
    internal sealed class Builder
    {
        private readonly int[] _starts;
        private readonly int[] _next;
        private readonly int[] _documents;
        private readonly List<(int Value, ulong[] Bits, int Count)> _dense = [];

        /// <param name="share">A value of more than one document in so many is kept as bits.</param>
        public Builder(int documents, ReadOnlySpan<int> counts, int share)
        {
            _starts = new int[counts.Length + 1];
            _next = new int[counts.Length];
            var listed = 0;
            for (var value = 0; value < counts.Length; value++)
            {
                _starts[value] = _next[value] = listed;
                if ((long)counts[value] * share > documents && counts[value] > 64)
                {
                    _next[value] = -1 - _dense.Count;
                    _dense.Add((value, new ulong[Bits.Words(documents)], counts[value]));
                }
                else listed = checked(listed + counts[value]);
            }
            _starts[^1] = listed;
            _documents = GC.AllocateUninitializedArray<int>(listed);
        }

        public void Add(int value, int document)
        {
            var next = _next[value];
            if (next < 0)
            {
                Bits.Add(_dense[-1 - next].Bits, document);
                return;
            }
            _documents[next] = document;
            _next[value] = next + 1;
        }

        public PostingLists Build() =>
            new(_starts, _documents, _dense.ToDictionary(dense => dense.Value, dense => DocSet.Bitmap(dense.Bits, dense.Bits.Length, dense.Count)));
    }
}
