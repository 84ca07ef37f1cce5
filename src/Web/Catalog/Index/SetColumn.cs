using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A column of which many documents have the same set of values, as it is being made: every set once, and of each document which one it has.</summary>
internal sealed class SetColumn
{
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal); // by the bytes of the numbers, two to a character
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _find;

    public SetColumn() => _find = _known.GetAlternateLookup<ReadOnlySpan<char>>();

    public SetColumn(SetFacetColumn older) : this()
    {
        foreach (var set in older.Sets) Number([.. set.Select(value => older.Values[value])]);
        for (var document = 0; document < older.Documents; document++) Which.Add(older.Which[document]);
    }

    public List<int[]> Sets { get; } = [];

    public List<int> Which { get; } = [];

    public void Append(ReadOnlySpan<int> numbers) => Which.Add(Number(numbers));

    public void Replace(int document, ReadOnlySpan<int> numbers) => Which[document] = Number(numbers);

    private int Number(ReadOnlySpan<int> numbers)
    {
        var key = MemoryMarshal.Cast<int, char>(numbers);
        if (_find.TryGetValue(key, out var known)) return known;
        _known[key.ToString()] = Sets.Count;
        Sets.Add(numbers.ToArray());
        return Sets.Count - 1;
    }
}
