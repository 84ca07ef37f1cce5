using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>Stored blocks of the rows that a description names, where all of them are stored alike.</summary>
internal sealed class ComposedBlocks : BlockWeights
{
    private readonly IReadOnlyList<(BlockWeights Of, long First, long Count)> _runs;

    private ComposedBlocks(IReadOnlyList<(BlockWeights Of, long First, long Count)> runs, BlockWeights like, long rows) : base(like.Bits, like.BlockSize, rows, like.Columns) =>
        (_runs, HasZeroPoints, HasMinima, Order) = (runs, runs.Any(run => run.Of.HasZeroPoints), like.HasMinima, like.Order);

    public override bool HasZeroPoints { get; }
    public override bool HasMinima { get; }
    public override IReadOnlyList<int>? Order { get; }

    /// <summary>Null where the runs are stored in different ways.</summary>
    public static ComposedBlocks? Make(IReadOnlyList<(BlockWeights Of, long First, long Count)> runs)
    {
        var like = runs[0].Of;
        foreach (var (other, _, _) in runs)
            if (other.Bits != like.Bits || other.BlockSize != like.BlockSize || other.Columns != like.Columns || other.HasMinima != like.HasMinima || !SameOrder(other.Order, like.Order)) return null;
        return new(runs, like, runs.Sum(run => run.Count));
    }

    public override void Read(long row, Span<byte> values, Span<float> scales, Span<byte> zeroPoints, Span<float> minima)
    {
        foreach (var (of, first, length) in _runs)
        {
            if (values.IsEmpty) return;
            if (row >= length)
            {
                row -= length;
                continue;
            }
            var count = (int)Math.Min(length - row, values.Length / BytesPerRow);
            var zeros = HasZeroPoints ? zeroPoints[..(count * ZeroBytesPerRow)] : default;
            var least = HasMinima ? minima[..(count * BlocksPerRow)] : default;
            if (HasZeroPoints && !of.HasZeroPoints) zeros.Fill(Bits == 4 ? (byte)0x88 : (byte)0x80);
            of.Read(first + row, values[..(count * BytesPerRow)], scales[..(count * BlocksPerRow)], of.HasZeroPoints ? zeros : default, least);
            values = values[(count * BytesPerRow)..];
            scales = scales[(count * BlocksPerRow)..];
            if (HasZeroPoints) zeroPoints = zeroPoints[(count * ZeroBytesPerRow)..];
            if (HasMinima) minima = minima[(count * BlocksPerRow)..];
            row = 0;
        }
    }

    private static bool SameOrder(IReadOnlyList<int>? one, IReadOnlyList<int>? other) => ReferenceEquals(one, other) || (one is not null && other is not null && one.SequenceEqual(other));
}
