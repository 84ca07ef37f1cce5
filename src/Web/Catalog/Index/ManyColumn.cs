using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A column of any number of values a document, as it is being made: what is appended, and what replaces something older.</summary>
internal sealed class ManyColumn<T>
{
    private readonly List<int> _starts;
    private readonly List<T> _values;
    private readonly Dictionary<int, T[]> _replaced = [];

    public ManyColumn() => (_values, _starts) = ([], [0]);

    public ManyColumn(ReadOnlySpan<T> values, ReadOnlySpan<int> starts) => (_values, _starts) = ([.. values], [.. starts]);

    public int Documents => _starts.Count - 1;

    public void Append(ReadOnlySpan<T> values)
    {
        _values.AddRange(values);
        _starts.Add(_values.Count);
    }

    public void Replace(int document, ReadOnlySpan<T> values) => _replaced[document] = values.ToArray();

    public ReadOnlySpan<T> this[int document] => _replaced.TryGetValue(document, out var values) ? values
        : CollectionsMarshal.AsSpan(_values)[_starts[document].._starts[document + 1]];

    public (T[] Values, int[] Starts) Build()
    {
        if (_replaced.Count == 0) return ([.. _values], [.. _starts]);
        var starts = new int[_starts.Count];
        for (var document = 0; document < Documents; document++) starts[document + 1] = checked(starts[document] + this[document].Length);
        var values = new T[starts[^1]];
        for (var document = 0; document < Documents; document++) this[document].CopyTo(values.AsSpan(starts[document]));
        return (values, starts);
    }
}
