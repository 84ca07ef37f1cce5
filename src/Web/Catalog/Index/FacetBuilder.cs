namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Makes facets of the numbers that documents have. The values of each are numbered anew, those that most documents have first.</summary>
/// <param name="live">Documents that count, rising; the others are in no list.</param>
internal sealed class FacetBuilder(int documents, int[] live)
{
    /// <summary>A value of more than one document in so many is kept as bits, which are counted faster than they are listed.</summary>
    private const int Share = 96;

    public FacetColumn Single(ReadOnlySpan<int> numbers)
    {
        var (known, places) = Number(numbers);
        return Single(known, places);
    }

    /// <param name="known">The number of each value, rising.</param>
    /// <param name="places">Of each document the place of its number among them.</param>
    public FacetColumn Single(int[] known, int[] places)
    {
        var counts = new int[known.Length];
        foreach (var document in live) counts[places[document]]++;
        var values = FacetValues.Of(known, counts);
        values.Renumber(places);
        var lists = new PostingLists.Builder(documents, values.Counts, Share);
        foreach (var document in live) lists.Add(places[document], document);
        return new SingleFacetColumn(values, Packed.Of(places, known.Length), lists.Build());
    }

    public FacetColumn Sets(SetColumn column)
    {
        var (known, places) = Number([.. column.Sets.SelectMany(set => set)]);
        var starts = new int[column.Sets.Count + 1];
        for (var set = 0; set < column.Sets.Count; set++) starts[set + 1] = starts[set] + column.Sets[set].Length;
        int[] which = [.. column.Which];
        var counts = new int[known.Length];
        foreach (var document in live)
            for (var at = starts[which[document]]; at < starts[which[document] + 1]; at++) counts[places[at]]++;
        var values = FacetValues.Of(known, counts);
        values.Renumber(places);
        var lists = new PostingLists.Builder(documents, values.Counts, Share);
        foreach (var document in live)
            for (var at = starts[which[document]]; at < starts[which[document] + 1]; at++) lists.Add(places[at], document);
        int[][] sets = [.. Enumerable.Range(0, column.Sets.Count).Select(set => places[starts[set]..starts[set + 1]])];
        return new SetFacetColumn(values, sets, Packed.Of(which, sets.Length), documents, lists.Build());
    }

    public FacetColumn Many((int[] Numbers, int[] Starts) column)
    {
        var (known, places) = Number(column.Numbers);
        var starts = column.Starts;
        var counts = new int[known.Length];
        foreach (var document in live)
            for (var at = starts[document]; at < starts[document + 1]; at++) counts[places[at]]++;
        var values = FacetValues.Of(known, counts);
        values.Renumber(places);
        var lists = new PostingLists.Builder(documents, values.Counts, Share);
        foreach (var document in live)
            for (var at = starts[document]; at < starts[document + 1]; at++) lists.Add(places[at], document);
        return new ManyFacetColumn(values, PackedLists.Of(places, starts), lists.Build());
    }

    /// <summary>The distinct numbers, rising, and the place of each number among them.</summary>
    private static (int[] Known, int[] Places) Number(ReadOnlySpan<int> numbers)
    {
        if (numbers.IsEmpty) return ([], []);
        var (least, most) = (int.MaxValue, int.MinValue);
        foreach (var number in numbers) (least, most) = (Math.Min(least, number), Math.Max(most, number));
        return (long)most - least < 1_000 + (2L * numbers.Length) ? NumberByTable(numbers, least, most - least + 1) : NumberByHash(numbers);
    }

    private static (int[] Known, int[] Places) NumberByTable(ReadOnlySpan<int> numbers, int least, int span)
    {
        var table = new int[span];
        foreach (var number in numbers) table[number - least] = 1;
        var known = new List<int>();
        for (var at = 0; at < span; at++)
        {
            if (table[at] == 0) continue;
            table[at] = known.Count;
            known.Add(least + at);
        }
        var places = new int[numbers.Length];
        for (var at = 0; at < places.Length; at++) places[at] = table[numbers[at] - least];
        return ([.. known], places);
    }

    private static (int[] Known, int[] Places) NumberByHash(ReadOnlySpan<int> numbers)
    {
        var found = new HashSet<int>();
        foreach (var number in numbers) found.Add(number);
        int[] known = [.. found.Order()];
        var placeOf = known.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var places = new int[numbers.Length];
        for (var at = 0; at < places.Length; at++) places[at] = placeOf[numbers[at]];
        return (known, places);
    }
}
