namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Documents that pass something: a rising list where they are few, bits where they are many. Belongs to the index or to a <see cref="Workspace"/>.</summary>
internal readonly struct DocSet
{
    private readonly ulong[]? _bits;
    private readonly int[]? _list;
    private readonly int _start;
    private readonly int _words;

    private DocSet(ulong[]? bits, int words, int[]? list, int start, int count) => (_bits, _words, _list, _start, Count) = (bits, words, list, start, count);

    public static DocSet Empty => Listed([], 0, 0);

    public int Count { get; }

    public bool IsBits => _bits is not null;

    public ReadOnlySpan<ulong> Bits => _bits.AsSpan(0, _words);

    public ReadOnlySpan<int> List => _list.AsSpan(_start, Count);

    /// <summary>Whether the other one is this very set, in the same memory.</summary>
    public bool IsSame(DocSet other) => _bits == other._bits && _list == other._list && _start == other._start && _words == other._words && Count == other.Count;

    public static DocSet Listed(int[] list, int start, int count) => new(null, 0, list, start, count);

    public static DocSet Bitmap(ulong[] bits, int words, int count) => new(bits, words, null, 0, count);
}
