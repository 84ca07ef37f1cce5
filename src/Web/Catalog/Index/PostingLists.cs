namespace ModelAtlas.Web.Catalog.Index;

/// <summary>For each of many values the documents that have it.</summary>
internal sealed class PostingLists
{
    private readonly int[] _starts;
    private readonly int[] _documents;
    private readonly Dictionary<int, DocSet> _dense;

    private PostingLists(int[] starts, int[] documents, Dictionary<int, DocSet> dense) => (_starts, _documents, _dense) = (starts, documents, dense);

    public int Values => _starts.Length - 1;

    public DocSet this[int value] => _dense.TryGetValue(value, out var bits) ? bits : DocSet.Listed(_documents, _starts[value], _starts[value + 1] - _starts[value]);

    public int CountOf(int value) => _starts[value + 1] - _starts[value] is var listed && listed > 0 ? listed : _dense.TryGetValue(value, out var bits) ? bits.Count : 0;

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
