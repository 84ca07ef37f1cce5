using System.Numerics;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The values that documents have of one column, counted under any set of documents. Values are counted from 0 in the order of the numbers they have in the database.</summary>
internal abstract class FacetColumn
{
    /// <summary>The number of what is not there.</summary>
    public const int None = -1;

    /// <summary>Of so many values the lists to go through are long, so that going through the documents instead pays earlier.</summary>
    private const int ManyValues = 1_000;

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

    /// <summary>Documents with this number of the database; none if nothing has it.</summary>
    public DocSet Of(int number) => Array.BinarySearch(_numbers, number) is >= 0 and var value ? Lists[value] : DocSet.Empty;

    /// <summary>The most frequent values among the documents, most frequent first, as pairs of value and count; those that none has are left out.</summary>
    public IReadOnlyList<(int Value, int Count)> Top(DocSet documents, int most, bool isEverything, Workspace work)
    {
        var top = new TopCounts(most);
        if (isEverything) foreach (var value in _mostFirst.AsSpan(0, Math.Min(most, _mostFirst.Length))) top.Add(value, Lists.CountOf(value));
        else if (!documents.IsBits || documents.Count < work.Documents / (_numbers.Length > ManyValues ? 6 : 24)) CountListed(documents, top, work);
        else CountBits(documents, top);
        return top.Ordered();
    }

    /// <summary>The database's numbers of all documents, and where each document's start if it can have several.</summary>
    public abstract (int[] Numbers, int[]? Starts) Unmake();

    protected abstract void CountEach(ReadOnlySpan<int> documents, Span<int> counts);

    private void CountListed(DocSet documents, TopCounts top, Workspace work)
    {
        var counts = work.List(_numbers.Length).AsSpan(0, _numbers.Length);
        counts.Clear();
        CountEach(work.Listed(documents).List, counts);
        for (var value = 0; value < counts.Length; value++)
            if (counts[value] > 0) top.Add(value, counts[value]);
    }

    /// <summary>The values of most documents first, until no other can be among the top any more.</summary>
    private void CountBits(DocSet documents, TopCounts top)
    {
        foreach (var value in _mostFirst)
        {
            if (Lists.CountOf(value) < top.Least) break;
            var set = Lists[value];
            var count = set.IsBits ? Bits.CountBoth(documents.Bits, set.Bits) : Bits.CountBoth(documents.Bits, set.List);
            if (count > 0) top.Add(value, count);
        }
    }
}

/// <summary>A facet of which each document has one value.</summary>
internal sealed class SingleFacetColumn<T>(int[] numbers, T[] values, PostingLists lists) : FacetColumn(numbers, lists) where T : unmanaged, IBinaryInteger<T>
{
    public override (int[] Numbers, int[]? Starts) Unmake()
    {
        var made = new int[values.Length];
        for (var document = 0; document < made.Length; document++) made[document] = Numbers[int.CreateTruncating(values[document])];
        return (made, null);
    }

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts)
    {
        foreach (var document in documents) counts[int.CreateTruncating(values[document])]++;
    }
}

/// <summary>A facet of which a document has any number of values.</summary>
internal sealed class ManyFacetColumn(int[] numbers, int[] starts, int[] values, PostingLists lists) : FacetColumn(numbers, lists)
{
    public override (int[] Numbers, int[]? Starts) Unmake()
    {
        var made = new int[values.Length];
        for (var at = 0; at < made.Length; at++) made[at] = Numbers[values[at]];
        return (made, starts);
    }

    protected override void CountEach(ReadOnlySpan<int> documents, Span<int> counts)
    {
        foreach (var document in documents)
            for (var at = starts[document]; at < starts[document + 1]; at++) counts[values[at]]++;
    }
}
