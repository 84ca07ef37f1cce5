namespace ModelAtlas.Inference.Checkpoints;

/// <summary>One tensor of a checkpoint, decoded where it is asked for.</summary>
internal abstract class Weight(IReadOnlyList<long> shape, StoredType type)
{
    public IReadOnlyList<long> Shape { get; } = shape;

    /// <summary>How it is stored.</summary>
    public StoredType Type { get; } = type;

    /// <summary>A row is what one index of the first dimension holds; a scalar is one row of one number.</summary>
    public long Rows { get; } = shape.Count == 0 ? 1 : shape[0];

    public long RowLength { get; } = shape.Skip(1).Aggregate(1L, (product, size) => product * size);

    /// <summary>The stored values as float32, from a row on; <paramref name="rows"/> is whole rows. Several rows at a time are read much faster than one.</summary>
    public void Read(long row, Span<float> rows)
    {
        var count = RowLength == 0 ? 0 : rows.Length / RowLength;
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, count * RowLength, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows - row, nameof(rows));
        if (count > 0) Decode(row, (int)count, rows);
    }

    /// <summary>The stored blocks, where MatMulNBits can hold them exactly.</summary>
    public virtual BlockWeights? Blocks => null;

    /// <summary>Where the bytes lie, if an external tensor of an ONNX graph can point at them as they are (float32, float16, bfloat16).</summary>
    public virtual FileRange? Raw => null;

    protected abstract void Decode(long row, int count, Span<float> rows);
}

/// <summary>Bytes of a file.</summary>
internal readonly record struct FileRange(string Path, long Offset, long Length);
