using ModelAtlas.Inference.Architectures.Building;

namespace ModelAtlas.Inference.Tests.Architectures;

public sealed class BlockQuantizerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 8)]
    [InlineData(3, 19)]
    public void Four_bits_keep_each_block_nearer_than_the_even_grid(int seed, int count)
    {
        var numbers = Numbers(seed, count * 32);
        var (packed, scales, zeros) = (new byte[count * 16], new float[count], new byte[count]);
        BlockQuantizer.Four(numbers, packed, scales, zeros);
        for (var at = 0; at < count; at++)
        {
            var block = numbers.AsSpan(at * 32, 32).ToArray();
            var (low, high) = (Math.Min(0, block.Min()), Math.Max(0, block.Max()));
            var (even, error, evenError) = ((high - low) / 15, 0.0, 0.0);
            for (var i = 0; i < 32; i++)
            {
                var step = (packed[at * 16 + i / 2] >> i % 2 * 4) & 15;
                error += Math.Pow(scales[at] * (step - zeros[at]) - block[i], 2);
                var shift = MathF.Round(-low / even);
                evenError += Math.Pow(even * (Math.Clamp(MathF.Round(block[i] / even) + shift, 0, 15) - shift) - block[i], 2);
            }
            Assert.InRange(error, 0, evenError + 1e-12);
        }
    }

    [Fact]
    public void Blocks_on_a_grid_of_sixteen_steps_come_back_as_they_were()
    {
        var random = new Random(9);
        var (steps, numbers) = (new int[40 * 32], new float[40 * 32]);
        var (packed, scales, zeros) = (new byte[40 * 16], new float[40], new byte[40]);
        for (var i = 0; i < numbers.Length; i++)
        {
            var block = i / 32;
            steps[i] = i % 32 < 2 ? 15 * (i % 32) : random.Next(16); // each end of the grid is there
            numbers[i] = (steps[i] - block % 16) * MathF.Pow(2, block - 20);
        }
        BlockQuantizer.Four(numbers, packed, scales, zeros);
        for (var i = 0; i < numbers.Length; i++)
        {
            Assert.Equal(steps[i], (packed[i / 2] >> i % 2 * 4) & 15);
            Assert.Equal(numbers[i], scales[i / 32] * (steps[i] - zeros[i / 32]), MathF.Abs(numbers[i]) * 1e-5f);
        }
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
        var (packed, scales, zeros) = (new byte[32], new float[1], new byte[1]);
        BlockQuantizer.Four(new float[32], packed.AsSpan(0, 16), scales, zeros);
        Assert.Equal([8], zeros);
        Assert.Equal([0], scales);
        Assert.All(packed[..16], pair => Assert.Equal(0x88, pair));
        BlockQuantizer.Eight(new float[32], packed, out var scale);
        Assert.Equal(0, scale);
        Assert.All(packed, step => Assert.Equal(128, step));
    }

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.4 + (random.Next(20) == 0 ? 2 : 0)))];
    }
}
