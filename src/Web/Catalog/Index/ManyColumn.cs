using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A column of any number of values a document, as it is being made: what is appended, and what replaces something older.</summary>
internal sealed class ManyColumn
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _values = [];
    private readonly Dictionary<int, int[]> _replaced = [];

    public int Documents => _starts.Count - 1;

    public void Append(ReadOnlySpan<int> values)
    {
        _values.AddRange(values);
        _starts.Add(_values.Count);
    }

    public void Replace(int document, ReadOnlySpan<int> values) => _replaced[document] = values.ToArray();

    public (int[] Values, int[] Starts) Build()
    {
        if (_replaced.Count == 0) return ([.. _values], [.. _starts]);
        var starts = new int[_starts.Count];
        for (var document = 0; document < Documents; document++) starts[document + 1] = checked(starts[document] + Of(document).Length);
        var values = new int[starts[^1]];
        for (var document = 0; document < Documents; document++) Of(document).CopyTo(values.AsSpan(starts[document]));
        return (values, starts);
    }

    private ReadOnlySpan<int> Of(int document) => _replaced.TryGetValue(document, out var values) ? values : CollectionsMarshal.AsSpan(_values)[_starts[document].._starts[document + 1]];
}
