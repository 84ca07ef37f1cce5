using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Rounds rows of numbers to blocks of 4 or 8 bits as MatMulNBits reads them. Of several grids of 4 bits the one nearest to the numbers is taken.</summary>
internal static class BlockQuantizer
{
    /// <summary>Numbers of a block of 4 bits.</summary>
    public const int FourBlock = 32;

    private static ReadOnlySpan<float> Stretches => [1f, 0.95f, 0.9f, 0.85f, 0.8f];

    /// <summary>One block of 4 bits with a zero point; unused places of the last block of a row are zeros.</summary>
    /// <returns>The zero point.</returns>
    public static int Four(ReadOnlySpan<float> block, Span<byte> packed, out float scale)
    {
        if (block.Length < FourBlock)
        {
            Span<float> filled = stackalloc float[FourBlock];
            filled[block.Length..].Clear();
            block.CopyTo(filled);
            return Four(filled, packed, out scale);
        }
        var numbers = new Numbers(block);
        var (low, high) = (Math.Min(numbers.Lowest, 0), Math.Max(numbers.Highest, 0));
        var best = new Grid(-1, 0, 8);
        if (high > low)
        {
            var even = (high - low) / 15;
            var zero = -low / even; // between two whole ones: both are tried
            var (below, above) = ((int)MathF.Floor(zero), (int)MathF.Ceiling(zero));
            foreach (var stretch in Stretches)
            {
                Try(numbers, even * stretch, below, ref best);
                if (above != below) Try(numbers, even * stretch, above, ref best);
            }
            var peak = high > -low ? high : low; // the side that reaches further gets the eight steps
            Try(numbers, Math.Abs(peak) / 8, peak < 0 ? 8 : 7, ref best);
            Try(numbers, Math.Abs(peak) / 7, 8, ref best);
        }
        scale = best.Scale;
        Pack(numbers, packed, best);
        return best.Zero;
    }

    /// <summary>One block of 8 bits around 128.</summary>
    public static void Eight(ReadOnlySpan<float> block, Span<byte> packed, out float scale)
    {
        var peaks = Vector256<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(block);
        foreach (var vector in vectors) peaks = Vector256.Max(peaks, Vector256.Abs(vector));
        var peak = 0f;
        for (var i = 0; i < Vector256<float>.Count; i++) peak = Math.Max(peak, peaks[i]);
        var whole = vectors.Length * Vector256<float>.Count;
        foreach (var number in block[whole..]) peak = Math.Max(peak, Math.Abs(number));
        scale = peak / 127;
        var inverse = scale > 0 ? 1 / scale : 0;
        if (!float.IsFinite(inverse)) (scale, inverse) = (0, 0);
        packed[whole..].Fill(128);
        for (var i = 0; i < vectors.Length; i++)
        {
            var steps = Vector256.ConvertToInt32(Vector256.Round(vectors[i] * inverse)) + Vector256.Create(128);
            var words = Vector128.Narrow(steps.GetLower(), steps.GetUpper());
            BitConverter.TryWriteBytes(packed[(i * 8)..], Vector128.Narrow(words.AsUInt16(), words.AsUInt16()).AsUInt64().ToScalar());
        }
        for (var i = whole; i < block.Length; i++) packed[i] = (byte)((int)MathF.Round(block[i] * inverse) + 128);
    }

    /// <summary>Rounds to a grid, finds the scale with the least squares for these steps, and keeps both if nothing was nearer.</summary>
    private static void Try(in Numbers numbers, float scale, int zero, ref Grid best)
    {
        zero = Math.Clamp(zero, 0, 15);
        var inverse = 1 / scale;
        if (!float.IsFinite(inverse)) return;
        var (factor, lowest, highest) = (Vector256.Create(inverse), Vector256.Create((float)-zero), Vector256.Create((float)(15 - zero)));
        var (a, b, c, d) = (Steps(numbers.A, factor, lowest, highest), Steps(numbers.B, factor, lowest, highest), Steps(numbers.C, factor, lowest, highest), Steps(numbers.D, factor, lowest, highest));
        var product = Vector256.Sum((numbers.A * a + numbers.B * b) + (numbers.C * c + numbers.D * d));
        var square = Vector256.Sum((a * a + b * b) + (c * c + d * d));
        if (square <= 0 || product <= 0) return;
        var near = product * product / square;
        if (near > best.Near) best = new(near, product / square, zero);
    }

    private static Vector256<float> Steps(Vector256<float> numbers, Vector256<float> factor, Vector256<float> lowest, Vector256<float> highest) =>
        Vector256.MinNative(Vector256.MaxNative(Vector256.Round(numbers * factor), lowest), highest);

    private static void Pack(in Numbers numbers, Span<byte> packed, Grid grid)
    {
        var inverse = Vector256.Create(grid.Scale == 0 ? 0 : 1 / grid.Scale);
        var (lowest, highest, zero) = (Vector256.Create((float)-grid.Zero), Vector256.Create((float)(15 - grid.Zero)), Vector256.Create(grid.Zero));
        Vector256<int> Whole(Vector256<float> part) => Vector256.ConvertToInt32(Steps(part, inverse, lowest, highest)) + zero;
        var bytes = Vector256.Narrow(Vector256.Narrow(Whole(numbers.A), Whole(numbers.B)), Vector256.Narrow(Whole(numbers.C), Whole(numbers.D))).AsUInt16();
        var pairs = (bytes & Vector256.Create((ushort)15)) | Vector256.ShiftRightLogical(bytes, 4); // the second value of two comes to lie in the upper half
        Vector128.Narrow(pairs.GetLower() & Vector128.Create((ushort)255), pairs.GetUpper() & Vector128.Create((ushort)255)).CopyTo(packed);
    }

    private readonly record struct Grid(float Near, float Scale, int Zero);

    /// <summary>A block in registers.</summary>
    private readonly struct Numbers(ReadOnlySpan<float> block)
    {
        public readonly Vector256<float> A = Vector256.Create(block);
        public readonly Vector256<float> B = Vector256.Create(block[8..]);
        public readonly Vector256<float> C = Vector256.Create(block[16..]);
        public readonly Vector256<float> D = Vector256.Create(block[24..]);

        public float Lowest => Least(Vector256.MinNative(Vector256.MinNative(A, B), Vector256.MinNative(C, D)));

        public float Highest => -Least(-Vector256.MaxNative(Vector256.MaxNative(A, B), Vector256.MaxNative(C, D)));

        private static float Least(Vector256<float> eight)
        {
            var four = Vector128.MinNative(eight.GetLower(), eight.GetUpper());
            var two = Vector128.MinNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
            return Math.Min(two[0], two[1]);
        }
    }
}
