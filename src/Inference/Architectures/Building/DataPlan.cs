namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>What goes into the file of weights, in order: each part knows its length before a byte is written, so that the graph can be written first and a broken-off file gone on with.</summary>
internal sealed class DataPlan
{
    private const int Alignment = 64;

    private readonly List<DataPart> _parts = [];

    public IReadOnlyList<DataPart> Parts => _parts;
    public long Length { get; private set; }

    public long Add(string name, long length, Action<PartOutput> write)
    {
        var offset = (Length + Alignment - 1) / Alignment * Alignment;
        _parts.Add(new(name, offset, length, write));
        Length = offset + length;
        return offset;
    }
}

internal sealed record DataPart(string Name, long Offset, long Length, Action<PartOutput> Write);
