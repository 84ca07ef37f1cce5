using System.Globalization;

namespace ModelAtlas.Bench.Catalog;

/// <summary>Measured values of one kind.</summary>
internal sealed class Figures
{
    private readonly List<double> _values = [];

    public void Add(double value) => _values.Add(value);

    public void Add(Figures others) => _values.AddRange(others._values);

    public int Count => _values.Count;

    /// <summary>The value that so many of a hundred are not above.</summary>
    public double At(double percent)
    {
        _values.Sort();
        return _values is [] ? double.NaN : _values[(int)Math.Ceiling(percent / 100 * _values.Count) - 1];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {At(50):0.00}, p95 {At(95):0.00}, p99 {At(99):0.00} ms ({Count})");
}
