using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>One filter over one snapshot: how many models pass it, which ones in an order, and how they spread over a column.</summary>
internal sealed class CatalogSearch : IDisposable
{
    /// <summary>From this many on, walking along the order is cheaper than sorting what was found.</summary>
    private const int MostSorted = 16_000;

    private readonly Workspace _work;
    private readonly CatalogSnapshot _index;
    private readonly List<(FilterKey Key, DocSet Passed)> _parts = [];
    private readonly DocSet _found;
    private (FilterKey? Left, DocSet Found) _without;
    private (DocSet Found, int[] Counts)? _licenses;

    public CatalogSearch(CatalogSnapshot index, CatalogFilter filter)
    {
        (_index, _work) = (index, new(index.Documents));
        foreach (var (key, values) in filter.Chosen) _parts.Add((key, key.Find(index, values, _work)));
        _found = Without(null);
    }

    public int Total => _found.Count;

    /// <summary>How many there would be without one of the filters.</summary>
    public int TotalWithout(FilterKey key) => Without(key).Count;

    /// <summary>The most frequent values of a column among the models that pass, or would pass without this one filter.</summary>
    public IReadOnlyList<(int Value, int Count)> Top(Column column, FilterKey? without, int most)
    {
        var found = WithoutOwn(without);
        return column == Column.License && _licenses is { } counted && found.IsSame(counted.Found) ? _index[column].Top(counted.Counts, most) : _index[column].Top(found, most, IsEverything(found), _work);
    }

    /// <summary>How many there are of each option: beside the values that are chosen already where each has to hold, in their place where any does.</summary>
    public int[] Count(OptionKey key)
    {
        var found = key.NeedsAll ? _found : WithoutOwn(key);
        var counts = new int[key.Options.Count];
        for (var at = 0; at < counts.Length; at++)
            counts[at] = key.CoversAll && at == counts.Length - 1 ? found.Count - counts.Sum() : Count(found, key, key.Options[at].Value);
        return counts;
    }

    /// <summary>What is a question of the licence alone is answered by the licences of what was found, which are counted once for all such questions.</summary>
    private int Count(DocSet found, OptionKey key, string value)
    {
        if (_index.Kept.LicensesOf(key, value, _index) is not { } licenses) return Workspace.CountBoth(found, _index.Kept.Of(key, value, _index));
        if (_licenses is not { } counted || !found.IsSame(counted.Found)) _licenses = counted = (found, _index[Column.License].CountAll(found, IsEverything(found), _work));
        var count = 0;
        foreach (var license in licenses) count += counted.Counts[license];
        return count;
    }

    private bool IsEverything(DocSet found) => found.Count == _index.Live.Count;

    /// <summary>Documents in the order asked for.</summary>
    /// <param name="last">Where to go on behind; null from the beginning.</param>
    public IReadOnlyList<int> Page(CatalogSort sort, bool falling, Standing? last, int skip, int size)
    {
        var order = _index[sort];
        var start = last is { } end ? order.After(end, falling) : 0;
        if (_found.Count == order.Count) return [.. Places(start + (long)skip, order.Count, size).Select(place => order.At(place, falling))];
        var want = skip + (long)size;
        return _found.Count > MostSorted || (double)_found.Count * _found.Count > _index.Documents * (double)want
            ? Walk(order, falling, start, skip, size)
            : Sort(order, falling, last, (int)Math.Min(want, _found.Count)).Skip(skip).ToList();
    }

    private static IEnumerable<int> Places(long from, int end, int most) =>
        from >= end ? [] : Enumerable.Range((int)from, Math.Min(most, end - (int)from));

    private List<int> Walk(SortOrder order, bool falling, int start, int skip, int size)
    {
        var found = _found.Bits;
        if (!_found.IsBits)
        {
            var bits = _work.NoBits();
            foreach (var document in _found.List) Bits.Add(bits, document);
            found = bits;
        }
        List<int> page = [];
        for (var place = start; place < order.Count && page.Count < size; place++)
        {
            var document = order.At(place, falling);
            if (Bits.Has(found, document) && --skip < 0) page.Add(document);
        }
        return page;
    }

    /// <summary>The first few of what was found: whenever twice as many are kept, the later half goes.</summary>
    private IEnumerable<int> Sort(SortOrder order, bool falling, Standing? last, int want)
    {
        var found = _work.Listed(_found).List;
        var kept = new List<Standing>(2 * want);
        Standing? latest = null;
        foreach (var document in found)
        {
            var standing = order.Of(document, falling);
            if (latest is { } limit && standing.CompareTo(limit) >= 0) continue;
            if (last is { } end && standing.CompareTo(end) <= 0) continue;
            kept.Add(standing);
            if (kept.Count < 2 * want || want == found.Length) continue;
            kept.Sort();
            kept.RemoveRange(want, kept.Count - want);
            latest = kept[^1];
        }
        kept.Sort();
        return kept.Take(want).Select(standing => standing.Document(falling));
    }

    /// <summary>What passes all filters but this one. The last is kept: the options of a filter are counted one by one.</summary>
    private DocSet WithoutOwn(FilterKey? key)
    {
        if (key is null || !_parts.Any(part => part.Key == key)) return _found;
        if (_without.Left != key) _without = (key, Without(key));
        return _without.Found;
    }

    private DocSet Without(FilterKey? left)
    {
        List<DocSet> sets = [.. _parts.Where(part => part.Key != left).Select(part => part.Passed)];
        if (sets is [] || _index.Live.Count < _index.Documents) sets.Add(_index.Live); // text and numbers are still there of what has gone
        return _work.Intersection(sets.ToArray());
    }

    public void Dispose() => _work.Dispose();
}
