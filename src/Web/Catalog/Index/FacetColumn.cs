namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The values that documents have of one column, counted under any set of documents. Values are counted from 0 in the order of the numbers they have in the database.</summary>
internal abstract class FacetColumn
{
    /// <summary>The number of what is not there.</summary>
    public const int None = -1;

    /// <summary>Of so many values the lists to go through are long, so that going through the documents instead pays earlier.</summary>
    private const int ManyValues = 1_000;

    /// <summary>Of so few values all are counted anyway, so that the last of them is what is left over.</summary>
    private const int FewValues = 64;

    private readonly int[] _numbers;
    private readonly int[] _mostFirst;

    protected FacetColumn(int[] numbers, PostingLists lists)
    {
        (_numbers, Lists) = (numbers, lists);
        var fewFirst = new ulong[numbers.Length];
        for (var value = 0; value < numbers.Length; value++) fewFirst[value] = (ulong)lists.CountOf(value);
        _mostFirst = RadixSort.Order(fewFirst, [.. Enumerable.Range(0, numbers.Length).Reverse()]);
        Array.Reverse(_mostFirst);
    }

    public PostingLists Lists { get; }

    /// <summary>The database's number of each value, rising.</summary>
    public ReadOnlySpan<int> Numbers => _numbers;

    /// <summary>Whether every document has one value, no more and no less.</summary>
    protected virtual bool HasOneEach => false;

    /// <summary>Documents with this number of the database; none if nothing has it.</summary>
    public DocSet Of(int number) => Array.BinarySearch(_numbers, number) is >= 0 and var value ? Lists[value] : DocSet.Empty;

    /// <summary>The database's numbers that a document has.</summary>
    public abstract int[] NumbersOf(int document);

    /// <summary>The most frequent values among the documents, most frequent first, as pairs of value and count; those that none has are left out.</summary>
    public IReadOnlyList<(int Value, int Count)> Top(DocSet documents, int most, bool isEverything, Workspace work)
    {
        var top = new TopCounts(most);
        if (isEverything) foreach (var value in _mostFirst.AsSpan(0, Math.Min(most, _mostFirst.Length))) top.Add(value, Lists.CountOf(value));
        else if (!documents.IsBits || documents.Count < work.Documents / (_numbers.Length > ManyValues ? 6 : 24)) CountListed(documents, top, work);
        else if (HasOneEach && _numbers.Length is > 0 and <= FewValues) CountBitsButOne(documents, top);
        else CountBits(documents, top);
        return top.Ordered();
    }

    protected abstract void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work);

    private void CountListed(DocSet documents, TopCounts top, Workspace work)
    {
        var counts = work.List(_numbers.Length).AsSpan(0, _numbers.Length);
        counts.Clear();
        CountEach(work.Listed(documents).List, counts, work);
        for (var value = 0; value < counts.Length; value++)
            if (counts[value] > 0) top.Add(value, counts[value]);
    }

    /// <summary>The values of most documents first, until no other can be among the top any more.</summary>
    private void CountBits(DocSet documents, TopCounts top)
    {
        foreach (var value in _mostFirst)
        {
            if (Lists.CountOf(value) < top.Least) break;
            if (CountOf(documents, value) is > 0 and var count) top.Add(value, count);
        }
    }

    private void CountBitsButOne(DocSet documents, TopCounts top)
    {
        var left = documents.Count;
        foreach (var value in _mostFirst.AsSpan(1))
        {
            var count = CountOf(documents, value);
            left -= count;
            if (count > 0) top.Add(value, count);
        }
        if (left > 0) top.Add(_mostFirst[0], left);
    }

    private int CountOf(DocSet documents, int value) =>
        Lists[value] is var set && set.IsBits ? Bits.CountBoth(documents.Bits, set.Bits) : Bits.CountBoth(documents.Bits, set.List);
}

/// <summary>A facet of which each document has one value.</summary>
internal sealed class SingleFacetColumn(int[] numbers, Packed values, PostingLists lists) : FacetColumn(numbers, lists)
{
    protected override bool HasOneEach => true;

    public override int[] NumbersOf(int document) => [Numbers[values[document]]];

    public void AddTo(List<int> column, int documents)
    {
        for (var document = 0; document < documents; document++) column.Add(Numbers[values[document]]);
    }

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work) => values.Count(documents, counts);
}

/// <summary>A facet of which a document has any number of values, and many documents the same ones.</summary>
internal sealed class SetFacetColumn(int[] numbers, int[][] sets, Packed which, int documents, PostingLists lists) : FacetColumn(numbers, lists)
{
    public int Documents => documents;

    public int[][] Sets => sets;

    /// <summary>Of each document the set of values that it has.</summary>
    public Packed Which => which;

    public override int[] NumbersOf(int document) => [.. sets[which[document]].Select(value => Numbers[value])];

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work)
    {
        var times = work.List(sets.Length).AsSpan(0, sets.Length);
        times.Clear();
        which.Count(documents, times);
        for (var set = 0; set < sets.Length; set++)
            foreach (var value in sets[set]) counts[value] += times[set];
    }
}

/// <summary>A facet of which a document has any number of values.</summary>
internal sealed class ManyFacetColumn(int[] numbers, int[] starts, int[] values, PostingLists lists) : FacetColumn(numbers, lists)
{
    public override int[] NumbersOf(int document) => [.. values.AsSpan(starts[document]..starts[document + 1]).ToArray().Select(value => Numbers[value])];

    public ManyColumn<int> ToColumn()
    {
        var made = new int[values.Length];
        for (var at = 0; at < made.Length; at++) made[at] = Numbers[values[at]];
        return new(made, starts);
    }

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work)
    {
        foreach (var document in documents)
            for (var at = starts[document]; at < starts[document + 1]; at++) counts[values[at]]++;
    }
}
