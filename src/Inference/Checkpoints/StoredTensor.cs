using System.Buffers;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>A tensor as it lies in a file.</summary>
internal sealed record StoredTensor(string Name, WeightFile File, StoredType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    private const int Piece = 1 << 16;

    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public void ReadBytes(long at, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(at);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(into.Length, Length - at, nameof(into));
        File.Read(Offset + at, into);
    }

    /// <summary>Values from the one of number <paramref name="first"/> on, as float32.</summary>
    public void ReadNumbers(long first, Span<float> into)
    {
        var size = StoredNumbers.Size(Type);
        var bytes = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (into.Length > 0)
            {
                var count = Math.Min(into.Length, Piece / size);
                var piece = bytes.AsSpan(0, count * size);
                ReadBytes(first * size, piece);
                StoredNumbers.Convert(Type, piece, into[..count]);
                into = into[count..];
                first += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

/// <summary>A tensor whose numbers are stored as they are.</summary>
internal sealed class PlainWeight(StoredTensor stored) : Weight(stored.Shape, stored.Type)
{
    public override FileRange? Raw => Type is StoredType.F32 or StoredType.F16 or StoredType.BF16 ? new(stored.File.Path, stored.Offset, stored.Length) : null;

    protected override void Decode(long row, int count, Span<float> rows) => stored.ReadNumbers(row * RowLength, rows);
}
