namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Keeps the highest of the counts it is shown; of equal ones those of lower values.</summary>
internal sealed class TopCounts(int most)
{
    private readonly List<(int Value, int Count)> _kept = new(2 * most);

    /// <summary>A count below this one is not among the highest.</summary>
    public int Least { get; private set; } = 1;

    public void Add(int value, int count)
    {
        if (count < Least) return;
        _kept.Add((value, count));
        if (_kept.Count == 2 * most) Cut();
    }

    /// <summary>Finds out how high a count must be by now.</summary>
    public void Settle()
    {
        if (_kept.Count >= most) Cut();
    }

    public IReadOnlyList<(int Value, int Count)> Ordered()
    {
        Cut();
        return _kept;
    }

    private void Cut()
    {
        _kept.Sort(static (left, right) => left.Count != right.Count ? right.Count.CompareTo(left.Count) : left.Value.CompareTo(right.Value));
        if (_kept.Count < most) return;
        _kept.RemoveRange(most, _kept.Count - most);
        Least = _kept[^1].Count;
    }
}
