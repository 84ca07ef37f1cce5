using System.Buffers;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.Files;

/// <summary>Elements of a file that go to the catalogue together, as they stand there: taking them apart is for another thread.</summary>
internal sealed class RawPage
{
    private const int MostRows = 1_000;
    private const int MostBytes = 8 * 1024 * 1024;

    private readonly List<(int Start, int Length, long Whole, string Position)> _elements = new(MostRows);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(MostBytes / 8);
    private int _length;

    public int Rows => _elements.Count;

    /// <summary>How much of the file lies behind this page, from 0 to 1.</summary>
    public double Place { get; set; }

    public bool IsFull => Rows >= MostRows || _length >= MostBytes;

    public void Take(ReadOnlySpan<byte> element, long length, string position)
    {
        if (_length + element.Length > _bytes.Length) Grow(_length + element.Length);
        element.CopyTo(_bytes.AsSpan(_length));
        _elements.Add((_length, element.Length, length, position));
        _length += element.Length;
    }

    /// <summary>Can be done once: the bytes are given back.</summary>
    public ImportPage Read(ElementKind kind)
    {
        var page = new ImportPage(kind);
        foreach (var (start, length, whole, position) in _elements) page.Take(_bytes.AsMemory(start, length), whole, position);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        return page;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
