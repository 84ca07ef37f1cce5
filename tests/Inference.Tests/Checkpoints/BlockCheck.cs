using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Tests.Checkpoints;

/// <summary>Multiplies blocks out as the operator MatMulNBits is specified, and compares with the numbers of the same weight.</summary>
internal static class BlockCheck
{
    public static void Equal(Weight weight, BlockWeights blocks, float within = 0)
    {
        var want = new float[weight.Rows * weight.RowLength];
        weight.Read(0, want);
        Equal(want, blocks, within);
    }

    public static void Equal(float[] want, BlockWeights blocks, float within = 0)
    {
        Assert.Equal(want.Length, blocks.Rows * blocks.Columns);
        var values = new byte[blocks.Rows * blocks.BytesPerRow];
        var (scales, minima) = (new float[blocks.Rows * blocks.BlocksPerRow], new float[blocks.Rows * blocks.BlocksPerRow]);
        var zeros = new byte[blocks.Rows * blocks.ZeroBytesPerRow];
        var half = (int)(blocks.Rows / 2); // in two steps, so that the second does not begin at the first row
        blocks.Read(0, values.AsSpan(0, half * blocks.BytesPerRow), scales.AsSpan(0, half * blocks.BlocksPerRow), zeros.AsSpan(0, half * blocks.ZeroBytesPerRow), minima.AsSpan(0, half * blocks.BlocksPerRow));
        blocks.Read(half, values.AsSpan(half * blocks.BytesPerRow), scales.AsSpan(half * blocks.BlocksPerRow), zeros.AsSpan(half * blocks.ZeroBytesPerRow), minima.AsSpan(half * blocks.BlocksPerRow));
        for (var row = 0; row < blocks.Rows; row++)
            for (var column = 0; column < blocks.Columns; column++)
            {
                var block = column / blocks.BlockSize;
                var q = blocks.Bits == 8 ? values[row * blocks.BytesPerRow + column] : values[row * blocks.BytesPerRow + column / 2] >> column % 2 * 4 & 15;
                var zero = !blocks.HasZeroPoints ? 1 << blocks.Bits - 1
                    : blocks.Bits == 8 ? zeros[row * blocks.ZeroBytesPerRow + block] : zeros[row * blocks.ZeroBytesPerRow + block / 2] >> block % 2 * 4 & 15;
                var got = scales[row * blocks.BlocksPerRow + block] * (q - zero);
                if (blocks.HasMinima) got += minima[row * blocks.BlocksPerRow + block];
                var input = blocks.Order?[column] ?? column;
                Assert.InRange(Math.Abs(got - want[row * blocks.Columns + input]), 0, within);
            }
    }
}
