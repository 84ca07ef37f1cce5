namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Makes facets of the numbers that documents have.</summary>
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
    /// <param name="values">The value of each document.</param>
    public FacetColumn Single(int[] known, int[] values)
    {
        var counts = new int[known.Length];
        foreach (var document in live) counts[values[document]]++;
        var lists = new PostingLists.Builder(documents, counts, Share);
        foreach (var document in live) lists.Add(values[document], document);
        var made = lists.Build();
        return new SingleFacetColumn(known, Packed.Of(values, known.Length), made);
    }

    public FacetColumn Sets(SetColumn column)
    {
        var (known, places) = Number([.. column.Sets.SelectMany(set => set)]);
        var sets = new int[column.Sets.Count][];
        for (int set = 0, at = 0; set < sets.Length; at += sets[set++].Length) sets[set] = places.AsSpan(at, column.Sets[set].Length).ToArray();
        int[] which = [.. column.Which];
        var counts = new int[known.Length];
        foreach (var document in live)
            foreach (var value in sets[which[document]]) counts[value]++;
        var lists = new PostingLists.Builder(documents, counts, Share);
        foreach (var document in live)
            foreach (var value in sets[which[document]]) lists.Add(value, document);
        return new SetFacetColumn(known, sets, Packed.Of(which, sets.Length), documents, lists.Build());
    }

    public FacetColumn Many((int[] Numbers, int[] Starts) column)
    {
        var (known, values) = Number(column.Numbers);
        var starts = column.Starts;
        var counts = new int[known.Length];
        foreach (var document in live)
            for (var at = starts[document]; at < starts[document + 1]; at++) counts[values[at]]++;
        var lists = new PostingLists.Builder(documents, counts, Share);
        foreach (var document in live)
            for (var at = starts[document]; at < starts[document + 1]; at++) lists.Add(values[at], document);
        return new ManyFacetColumn(known, starts, values, lists.Build());
    }

    /// <summary>The distinct numbers, rising, and the place of each number among them.</summary>
    private static (int[] Known, int[] Places) Number(ReadOnlySpan<int> numbers)
    {
        var found = new Dictionary<int, int>();
        var places = new int[numbers.Length];
        var (last, lastPlace) = (0, -1);
        for (var at = 0; at < numbers.Length; at++)
        {
            if (lastPlace < 0 || numbers[at] != last)
            {
                last = numbers[at];
                if (!found.TryGetValue(last, out lastPlace)) found[last] = lastPlace = found.Count;
            }
            places[at] = lastPlace;
        }
        int[] known = [.. found.Keys.Order()];
        var moved = new int[known.Length];
        for (var place = 0; place < known.Length; place++) moved[found[known[place]]] = place;
        foreach (ref var place in places.AsSpan()) place = moved[place];
        return (known, places);
    }
}
