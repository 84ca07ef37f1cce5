using ModelAtlas.Inference.Architectures.Building;

namespace ModelAtlas.Inference.Tests.Architectures;

public sealed class BlockQuantizerTests
{
    public static TheoryData<int, int> Blocks => new() { { 1, 32 }, { 2, 32 }, { 3, 17 }, { 4, 1 }, { 5, 31 }, { 6, 8 } };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Four_bits_keep_a_block_nearer_than_the_even_grid(int seed, int count)
    {
        var block = Numbers(seed, count);
        var packed = new byte[16];
        var zero = BlockQuantizer.Four(block, packed, out var scale);
        var (low, high) = (Math.Min(0, block.Min()), Math.Max(0, block.Max()));
        var (even, error, evenError) = ((high - low) / 15, 0.0, 0.0);
        for (var i = 0; i < 32; i++)
        {
            var step = (packed[i / 2] >> i % 2 * 4) & 15;
            if (i >= count) Assert.Equal(zero, step);
            else
            {
                error += Math.Pow(scale * (step - zero) - block[i], 2);
                var shift = MathF.Round(-low / even);
                evenError += Math.Pow(even * (Math.Clamp(MathF.Round(block[i] / even) + shift, 0, 15) - shift) - block[i], 2);
            }
        }
        Assert.InRange(error, 0, evenError + 1e-12);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    [InlineData(50)]
    public void Eight_bits_are_off_by_half_a_step_at_most(int count)
    {
        var block = Numbers(7, count);
        var packed = new byte[(count + 31) / 32 * 32];
        BlockQuantizer.Eight(block, packed, out var scale);
        Assert.Equal(block.Max(Math.Abs) / 127, scale);
        for (var i = 0; i < packed.Length; i++)
            if (i < count) Assert.InRange(Math.Abs(scale * (packed[i] - 128) - block[i]), 0, scale * 0.5001);
            else Assert.Equal(128, packed[i]);
    }

    [Fact]
    public void A_block_of_zeros_stays_zero()
    {
        var packed = new byte[32];
        Assert.Equal(8, BlockQuantizer.Four(new float[32], packed.AsSpan(0, 16), out var scale));
        Assert.Equal(0, scale);
        Assert.All(packed[..16], pair => Assert.Equal(0x88, pair));
        BlockQuantizer.Eight(new float[32], packed, out scale);
        Assert.Equal(0, scale);
        Assert.All(packed, step => Assert.Equal(128, step));
    }

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.4 + (random.Next(20) == 0 ? 2 : 0)))];
    }
}
