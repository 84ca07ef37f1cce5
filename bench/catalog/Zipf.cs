namespace ModelAtlas.Bench.Catalog;

/// <summary>Draws numbers from 0 of which each is the rarer the higher it is, as names on the hub are.</summary>
internal sealed class Zipf
{
    private readonly double[] _sums;

    /// <param name="head">Flattens the beginning: the first number is about as frequent as the one in this place.</param>
    public Zipf(int count, double steepness, double head)
    {
        _sums = new double[count];
        for (var at = 0; at < count; at++) _sums[at] = (at > 0 ? _sums[at - 1] : 0) + Math.Pow(at + head, -steepness);
    }

    public int Draw(Random random)
    {
        var found = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return Math.Min(found < 0 ? ~found : found, _sums.Length - 1);
    }
}
