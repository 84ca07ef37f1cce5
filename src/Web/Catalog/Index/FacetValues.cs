namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The values of a column, numbered from 0 on, those of most documents first.</summary>
internal sealed class FacetValues
{
    private readonly int[] _numbers;
    private readonly int[] _byNumber; // values, the database's numbers rising

    private FacetValues(int[] numbers, int[] byNumber, int[] counts) => (_numbers, _byNumber, Counts) = (numbers, byNumber, counts);

    public int Count => _numbers.Length;

    /// <summary>How many documents each value has.</summary>
    public int[] Counts { get; }

    /// <summary>The number that a value has in the database.</summary>
    public int this[int value] => _numbers[value];

    public IEnumerable<int> Numbers => _numbers;

    /// <param name="known">The database's numbers, rising.</param>
    /// <param name="counts">How many documents each has.</param>
    public static FacetValues Of(int[] known, int[] counts)
    {
        var fewFirst = RadixSort.Order(Array.ConvertAll(counts, count => (ulong)count), [.. Enumerable.Range(0, known.Length).Reverse()]);
        var (numbers, byNumber, falling) = (new int[known.Length], new int[known.Length], new int[known.Length]);
        for (var value = 0; value < known.Length; value++)
        {
            var place = fewFirst[^(value + 1)];
            (numbers[value], byNumber[place], falling[value]) = (known[place], value, counts[place]);
        }
        return new(numbers, byNumber, falling);
    }

    /// <summary>The value of a number; null if no document has it.</summary>
    public int? Find(int number)
    {
        var (low, high) = (0, _byNumber.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var compared = _numbers[_byNumber[middle]].CompareTo(number);
            if (compared == 0) return _byNumber[middle];
            if (compared < 0) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    /// <summary>How many values have no fewer documents than this.</summary>
    public int AtLeast(int documents)
    {
        var (low, high) = (0, Counts.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (Counts[middle] >= documents) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Makes values of places among the rising numbers.</summary>
    public void Renumber(Span<int> places)
    {
        foreach (ref var place in places) place = _byNumber[place];
    }
}
