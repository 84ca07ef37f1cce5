namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The values that documents have of one column, counted under any set of documents.</summary>
internal abstract class FacetColumn(FacetValues values, PostingLists lists)
{
    /// <summary>The number of what is not there.</summary>
    public const int None = -1;

    /// <summary>Roughly the nanoseconds that it takes to count both of 64 documents as bits, one document of a list in bits, and one value of a column at the end.</summary>
    private const double WordCost = 0.3, EntryCost = 0.8, ValueCost = 0.3;

    /// <summary>Values that are counted together before it is asked whether any more can be among the top.</summary>
    private const int FewestTogether = 64, MostTogether = 512;

    /// <summary>Of so few values all are counted anyway, so that the last of them is what is left over.</summary>
    private const int FewValues = 64;

    public FacetValues Values => values;

    public PostingLists Lists => lists;

    /// <summary>Whether every document has one value, no more and no less.</summary>
    protected virtual bool HasOneEach => false;

    /// <summary>Documents with this number of the database; none if nothing has it.</summary>
    public DocSet Of(int number) => values.Find(number) is { } value ? lists[value] : DocSet.Empty;

    /// <summary>The database's numbers that a document has.</summary>
    public abstract int[] NumbersOf(int document);

    /// <summary>The most frequent values among the documents, most frequent first, as pairs of value and count; those that none has are left out.</summary>
    public IReadOnlyList<(int Value, int Count)> Top(DocSet documents, int most, bool isEverything, Workspace work)
    {
        var top = new TopCounts(most);
        if (isEverything) for (var value = 0; value < Math.Min(most, values.Count); value++) top.Add(value, values.Counts[value]);
        else if (!documents.IsBits || CostOfListed(documents) < CostOfBits(documents, most, work)) CountListed(documents, top, work);
        else if (HasOneEach && values.Count is > 0 and <= FewValues) CountBitsButOne(documents, top);
        else CountBits(documents, top, work);
        return top.Ordered();
    }

    /// <summary>How many of the documents have each value.</summary>
    public int[] CountAll(DocSet documents, bool isEverything, Workspace work)
    {
        if (isEverything) return values.Counts;
        var counts = new int[values.Count];
        if (!documents.IsBits || CostOfListed(documents) < CostOfBits(values.Count, work)) CountEach(work.Listed(documents).List, counts, work);
        else lists.CountBoth(documents.Bits, 0, counts);
        return counts;
    }

    /// <summary>The same as <see cref="Top(DocSet, int, bool, Workspace)"/> of documents whose values are counted already.</summary>
    public IReadOnlyList<(int Value, int Count)> Top(ReadOnlySpan<int> counts, int most)
    {
        var top = new TopCounts(most);
        AddTo(top, counts);
        return top.Ordered();
    }

    /// <summary>Roughly the nanoseconds that <see cref="CountEach"/> takes for one document.</summary>
    protected abstract double DocumentCost { get; }

    private double CostOfListed(DocSet documents) => (documents.Count * DocumentCost) + (values.Count * ValueCost);

    /// <summary>Values are gone through as long as they could be among the top, which are guessed to be as frequent among these documents as among all.</summary>
    private double CostOfBits(DocSet documents, int most, Workspace work)
    {
        if (values.Count == 0) return 0;
        var least = Math.Max(1, (int)((long)values.Counts[Math.Min(most, values.Count) - 1] * documents.Count / work.Documents));
        return CostOfBits(values.AtLeast(least), work);
    }

    private double CostOfBits(int counted, Workspace work) => (lists.Dense(counted) * work.Words * WordCost) + (lists.Listed(counted) * EntryCost);

    protected abstract void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work);

    private void CountListed(DocSet documents, TopCounts top, Workspace work)
    {
        var counts = work.List(values.Count).AsSpan(0, values.Count);
        counts.Clear();
        CountEach(work.Listed(documents).List, counts, work);
        AddTo(top, counts);
    }

    // The values of most documents come first: behind one that all documents together have less often than the last of the top, no other can be among them.
    private void AddTo(TopCounts top, ReadOnlySpan<int> counts)
    {
        for (var value = 0; value < counts.Length && values.Counts[value] >= top.Least; value++) top.Add(value, counts[value]);
    }

    private void CountBits(DocSet documents, TopCounts top, Workspace work)
    {
        var group = work.List(MostTogether);
        for (int value = 0, size = FewestTogether; value < values.Count && values.Counts[value] >= top.Least; size = Math.Min(2 * size, MostTogether))
        {
            var counts = group.AsSpan(0, Math.Min(size, values.Count - value));
            while (values.Counts[value + counts.Length - 1] < top.Least) counts = counts[..^1];
            lists.CountBoth(documents.Bits, value, counts);
            foreach (var count in counts) top.Add(value++, count);
            top.Settle();
        }
    }

    private void CountBitsButOne(DocSet documents, TopCounts top)
    {
        Span<int> counts = stackalloc int[values.Count - 1];
        lists.CountBoth(documents.Bits, 1, counts);
        var left = documents.Count;
        for (var at = 0; at < counts.Length; at++)
        {
            left -= counts[at];
            top.Add(at + 1, counts[at]);
        }
        top.Add(0, left);
    }
}

/// <summary>A facet of which each document has one value.</summary>
internal sealed class SingleFacetColumn(FacetValues values, Packed which, PostingLists lists) : FacetColumn(values, lists)
{
    protected override bool HasOneEach => true;

    protected override double DocumentCost => 1.5;

    public override int[] NumbersOf(int document) => [Values[which[document]]];

    public void AddTo(List<int> column, int documents)
    {
        for (var document = 0; document < documents; document++) column.Add(Values[which[document]]);
    }

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work) => which.Count(documents, counts);
}

/// <summary>A facet of which a document has any number of values, and many documents the same ones.</summary>
internal sealed class SetFacetColumn(FacetValues values, int[][] sets, Packed which, int documents, PostingLists lists) : FacetColumn(values, lists)
{
    public int Documents => documents;

    public int[][] Sets => sets;

    protected override double DocumentCost => 2.5;

    /// <summary>Of each document the set of values that it has.</summary>
    public Packed Which => which;

    public override int[] NumbersOf(int document) => Array.ConvertAll(sets[which[document]], value => Values[value]);

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
internal sealed class ManyFacetColumn(FacetValues values, PackedLists which, PostingLists lists) : FacetColumn(values, lists)
{
    protected override double DocumentCost => 50;

    public override int[] NumbersOf(int document) => [.. which.Of(document).Select(value => Values[value])];

    public ManyColumn ToColumn()
    {
        var column = new ManyColumn();
        for (var document = 0; document < which.Documents; document++) column.Append(NumbersOf(document));
        return column;
    }

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts, Workspace work) => which.Count(documents, counts);
}
