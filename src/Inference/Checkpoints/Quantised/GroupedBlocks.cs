using System.Numerics;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>Groups of inputs as blocks of MatMulNBits: a group is one block, or several that share scale and zero point.</summary>
internal sealed class GroupedBlocks : BlockWeights
{
    private const int LongestBlock = 128;

    private readonly GroupedWeight _weight;
    private readonly bool _hasZeroPoints;
    private readonly int[]? _order;

    private GroupedBlocks(GroupedWeight weight, int bits, int block, bool hasZeroPoints, int[]? order) : base(bits, block, weight.Rows, weight.Grouped.Inputs) =>
        (_weight, _hasZeroPoints, _order) = (weight, hasZeroPoints, order);

    public override bool HasZeroPoints => _hasZeroPoints;
    public override IReadOnlyList<int>? Order => _order;

    /// <summary>Null where no block of a size that the operator knows holds whole groups, or a zero point does not fit.</summary>
    public static GroupedBlocks? Make(GroupedWeight weight)
    {
        var shape = weight.Grouped;
        var bits = shape.Bits <= 4 ? 4 : 8;
        var block = shape.Groups == 1 ? LongestBlock : Math.Min(LongestBlock, shape.Group & -shape.Group);
        if (block < 16 || !BitOperations.IsPow2(block)) return null;
        int[]? order = null;
        if (shape.GroupOf is { } groups)
        {
            order = [.. Enumerable.Range(0, shape.Inputs).OrderBy(input => groups[input])];
            for (var i = 0; i < order.Length; i++)
                if (groups[order[i]] != i / shape.Group) return null; // groups of unequal size
        }
        var (fit, middle) = weight.Zeros((1 << bits) - 1);
        return fit ? new(weight, bits, block, !middle, order) : null;
    }

    public override void Read(long row, Span<byte> values, Span<float> scales, Span<byte> zeroPoints, Span<float> minima)
    {
        var shape = _weight.Grouped;
        var count = values.Length / BytesPerRow;
        var (stored, own, zeros, line) = (new byte[count * shape.Inputs], new float[count * shape.Groups], new short[count * shape.Groups], new byte[BlocksPerRow * BlockSize]);
        _weight.Load(row, count, stored, own, zeros);
        if (_hasZeroPoints) zeroPoints[..(count * ZeroBytesPerRow)].Clear();
        for (var i = 0; i < count; i++)
        {
            var from = stored.AsSpan(i * shape.Inputs, shape.Inputs);
            if (_order is null) from.CopyTo(line);
            else for (var column = 0; column < _order.Length; column++) line[column] = from[_order[column]];
            Packing.Pack(line, Bits, values.Slice(i * BytesPerRow, BytesPerRow));
            for (var block = 0; block < BlocksPerRow; block++)
            {
                var group = i * shape.Groups + block * BlockSize / shape.Group;
                scales[i * BlocksPerRow + block] = own[group];
                if (_hasZeroPoints) zeroPoints[i * ZeroBytesPerRow + block * Bits / 8] |= (byte)(zeros[group] << (Bits == 4 ? block % 2 * 4 : 0));
            }
        }
    }
}
