using System.Numerics;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Rounds rows of numbers to blocks of 4 or 8 bits as MatMulNBits reads them. Of several grids the one nearest to the numbers is taken.</summary>
internal static class BlockQuantizer
{
    private static ReadOnlySpan<float> Stretches => [1f, 0.95f, 0.9f, 0.85f, 0.8f];

    /// <summary>One block of 4 bits with a zero point; unused places of the last block of a row are zeros.</summary>
    /// <returns>The zero point.</returns>
    public static int Four(ReadOnlySpan<float> block, Span<byte> packed, out float scale)
    {
        Extremes(block, out var low, out var high);
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        var (best, bestScale, bestZero) = (-1f, 0f, 8);
        if (high > low)
        {
            var even = (high - low) / 15;
            foreach (var stretch in Stretches)
            {
                var zero = -low / even; // between two whole ones: both are tried
                Try(block, even * stretch, (int)MathF.Floor(zero), ref best, ref bestScale, ref bestZero);
                Try(block, even * stretch, (int)MathF.Ceiling(zero), ref best, ref bestScale, ref bestZero);
            }
            var peak = high > -low ? high : low; // the side that reaches further gets the eight steps
            Try(block, Math.Abs(peak) / 8, peak < 0 ? 8 : 7, ref best, ref bestScale, ref bestZero);
            Try(block, Math.Abs(peak) / 7, 8, ref best, ref bestScale, ref bestZero);
        }
        scale = bestScale;
        Pack(block, packed, bestScale, bestZero);
        return bestZero;
    }

    /// <summary>One block of 4 bits around 8, for operators that take no zero points.</summary>
    public static void FourEven(ReadOnlySpan<float> block, Span<byte> packed, out float scale)
    {
        Extremes(block, out var low, out var high);
        var (best, bestScale, bestZero, peak) = (-1f, 0f, 8, Math.Max(-low, high));
        if (peak > 0)
            foreach (var steps in (ReadOnlySpan<float>)[7, 7.5f, 8]) Try(block, peak / steps, 8, ref best, ref bestScale, ref bestZero);
        scale = bestScale;
        Pack(block, packed, bestScale, 8);
    }

    private static void Pack(ReadOnlySpan<float> block, Span<byte> packed, float scale, int zero)
    {
        var inverse = scale == 0 ? 0 : 1 / scale;
        Span<int> steps = stackalloc int[packed.Length * 2];
        for (var i = 0; i < steps.Length; i++) steps[i] = i < block.Length ? Math.Clamp((int)MathF.Round(block[i] * inverse) + zero, 0, 15) : zero;
        for (var i = 0; i < packed.Length; i++) packed[i] = (byte)(steps[2 * i] | steps[2 * i + 1] << 4);
    }

    /// <summary>One block of 8 bits around 128.</summary>
    public static void Eight(ReadOnlySpan<float> block, Span<byte> packed, out float scale)
    {
        Extremes(block, out var low, out var high);
        scale = Math.Max(-low, high) / 127;
        var inverse = scale > 0 ? 1 / scale : 0;
        for (var i = 0; i < packed.Length; i++) packed[i] = (byte)(i < block.Length ? Math.Clamp((int)MathF.Round(block[i] * inverse), -128, 127) + 128 : 128);
    }

    /// <summary>Rounds to a grid, finds the scale with the least squares for these steps, and keeps both if nothing was nearer.</summary>
    private static void Try(ReadOnlySpan<float> block, float scale, int zero, ref float best, ref float bestScale, ref int bestZero)
    {
        zero = Math.Clamp(zero, 0, 15);
        var inverse = 1 / scale;
        if (!float.IsFinite(inverse)) return;
        var (lowest, highest, products, squares) = (new Vector<float>(-zero), new Vector<float>(15 - zero), Vector<float>.Zero, Vector<float>.Zero);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (var vector in vectors)
        {
            var steps = Vector.Min(Vector.Max(Vector.Round(vector * inverse), lowest), highest);
            products += vector * steps;
            squares += steps * steps;
        }
        var (product, square) = (Vector.Sum(products), Vector.Sum(squares));
        for (var i = vectors.Length * Vector<float>.Count; i < block.Length; i++)
        {
            var step = Math.Clamp(MathF.Round(block[i] * inverse), -zero, 15 - zero);
            product += block[i] * step;
            square += step * step;
        }
        if (square <= 0 || product <= 0 || product * product / square <= best) return;
        (best, bestScale, bestZero) = (product * product / square, product / square, zero);
    }

    private static void Extremes(ReadOnlySpan<float> block, out float low, out float high)
    {
        (low, high) = (0, 0);
        foreach (var number in block) (low, high) = (Math.Min(low, number), Math.Max(high, number));
    }
}
