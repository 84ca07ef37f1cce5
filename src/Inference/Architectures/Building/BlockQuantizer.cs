using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Rounds rows of numbers to blocks of 4 or 8 bits as MatMulNBits reads them. Of several grids of 4 bits the one nearest to the numbers is taken. Compiled for speed at once: a model is rounded within seconds, of which the usual way to the fastest code takes one.</summary>
internal static class BlockQuantizer
{
    /// <summary>Numbers of a block of 4 bits.</summary>
    public const int FourBlock = 32;

    /// <summary>Blocks of 4 bits that are rounded together, each in a lane of its own: no sum goes across lanes then, and no block waits for another's choice.</summary>
    private const int Together = 8;

    /// <summary>Added to a number of a few steps, it leaves the number rounded to whole steps in the lowest bits.</summary>
    private const float Whole = 3 << 22;

    /// <summary>The second grid leaves out what reaches furthest, which most blocks are the better for.</summary>
    private const float Narrower = 0.93f;

    /// <summary>Whole blocks of 4 bits with a zero point each.</summary>
    /// <param name="zeros">One byte a block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(ReadOnlySpan<float> numbers, Span<byte> packed, Span<float> scales, Span<byte> zeros)
    {
        const int Numbers = Together * FourBlock, Bytes = Numbers / 2;
        for (; scales.Length >= Together; numbers = numbers[Numbers..], packed = packed[Bytes..], scales = scales[Together..], zeros = zeros[Together..])
            Eight(numbers[..Numbers], packed[..Bytes], scales[..Together], zeros[..Together]);
        if (scales.IsEmpty) return;
        Span<float> filled = stackalloc float[Numbers];
        Span<byte> filledPacked = stackalloc byte[Bytes];
        Span<float> filledScales = stackalloc float[Together];
        Span<byte> filledZeros = stackalloc byte[Together];
        filled[numbers.Length..].Clear();
        numbers.CopyTo(filled);
        Eight(filled, filledPacked, filledScales, filledZeros);
        filledPacked[..packed.Length].CopyTo(packed);
        filledScales[..scales.Length].CopyTo(scales);
        filledZeros[..zeros.Length].CopyTo(zeros);
    }

    /// <summary>One block of 8 bits around 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight(ReadOnlySpan<float> block, Span<byte> packed, out float scale)
    {
        var peaks = Vector256<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(block);
        foreach (var vector in vectors) peaks = Vector256.MaxNative(peaks, Vector256.Abs(vector));
        var four = Vector128.MaxNative(peaks.GetLower(), peaks.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        var peak = Math.Max(two[0], two[1]);
        var whole = vectors.Length * Vector256<float>.Count;
        foreach (var number in block[whole..]) peak = Math.Max(peak, Math.Abs(number));
        scale = peak / 127;
        var inverse = scale > 0 ? 1 / scale : 0;
        if (!float.IsFinite(inverse)) (scale, inverse) = (0, 0);
        packed[whole..].Fill(128);
        for (var i = 0; i < vectors.Length; i++)
        {
            var steps = Vector256.ConvertToInt32Native(Vector256.Round(vectors[i] * inverse)) + Vector256.Create(128);
            var words = Vector128.Narrow(steps.GetLower(), steps.GetUpper());
            BitConverter.TryWriteBytes(packed[(i * 8)..], Vector128.Narrow(words.AsUInt16(), words.AsUInt16()).AsUInt64().ToScalar());
        }
        for (var i = whole; i < block.Length; i++) packed[i] = (byte)((int)MathF.Round(block[i] * inverse) + 128);
    }

    /// <summary>Eight blocks of 4 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(ReadOnlySpan<float> numbers, Span<byte> packed, Span<float> scales, Span<byte> zeros)
    {
        Span<Vector256<float>> lanes = stackalloc Vector256<float>[FourBlock];
        for (var i = 0; i < FourBlock; i += Together) Turn(numbers[i..], lanes[i..]);
        var (low, high) = (Vector256<float>.Zero, Vector256<float>.Zero);
        foreach (var lane in lanes) (low, high) = (Vector256.MinNative(low, lane), Vector256.MaxNative(high, lane));

        var even = (high - low) / 15;
        var zero = Vector256.Round(-low / even);
        var falls = Vector256.GreaterThan(-low, high); // the side that reaches further gets the eight steps
        var peak = Vector256.MaxNative(-low, high);
        var best = new Grids(Vector256.Create(-1f), Vector256<float>.Zero, Vector256.Create(8f));
        Try(lanes, even, zero, even * Narrower, zero, ref best);
        Try(lanes, peak / 8, Vector256.ConditionalSelect(falls, Vector256.Create(8f), Vector256.Create(7f)), peak / 7, Vector256.Create(8f), ref best);

        best.Scales.CopyTo(scales);
        Pack(lanes, best, packed);
        for (var i = 0; i < Together; i++) zeros[i] = (byte)best.Zeros[i];
    }

    /// <summary>Rounds to two grids, finds for each the scale with the least squares for these steps, and keeps what is nearer than all before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Try(ReadOnlySpan<Vector256<float>> lanes, Vector256<float> scale, Vector256<float> zero, Vector256<float> otherScale, Vector256<float> otherZero, ref Grids best)
    {
        var (factor, otherFactor) = (Vector256<float>.One / scale, Vector256<float>.One / otherScale);
        var (shift, otherShift) = (zero + Vector256.Create(Whole), otherZero + Vector256.Create(Whole));
        var (product, square, otherProduct, otherSquare) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        foreach (var lane in lanes)
        {
            var (step, other) = (Steps(lane, factor, shift) - shift, Steps(lane, otherFactor, otherShift) - otherShift);
            product = Vector256.MultiplyAddEstimate(lane, step, product);
            square = Vector256.MultiplyAddEstimate(step, step, square);
            otherProduct = Vector256.MultiplyAddEstimate(lane, other, otherProduct);
            otherSquare = Vector256.MultiplyAddEstimate(other, other, otherSquare);
        }
        best = best.Or(product, square, zero, factor).Or(otherProduct, otherSquare, otherZero, otherFactor);
    }

    /// <summary>The step of each number, from 0 to 15, in the lowest bits of a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Steps(Vector256<float> numbers, Vector256<float> factor, Vector256<float> shift) =>
        Vector256.MinNative(Vector256.MaxNative(Vector256.MultiplyAddEstimate(numbers, factor, shift), Vector256.Create(Whole)), Vector256.Create(Whole + 15));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(ReadOnlySpan<Vector256<float>> lanes, in Grids grids, Span<byte> packed)
    {
        var factor = Vector256.ConditionalSelect(Vector256.Equals(grids.Scales, Vector256<float>.Zero), Vector256<float>.Zero, Vector256<float>.One / grids.Scales);
        var shift = grids.Zeros + Vector256.Create(Whole);
        var words = MemoryMarshal.Cast<byte, uint>(packed);
        for (var word = 0; word < FourBlock / Together; word++)
        {
            var gathered = Vector256<uint>.Zero;
            for (var i = 0; i < Together; i++) gathered |= (Steps(lanes[word * Together + i], factor, shift).AsUInt32() & Vector256.Create(15u)) << 4 * i;
            for (var block = 0; block < Together; block++) words[block * (FourBlock / Together) + word] = gathered[block];
        }
    }

    /// <summary>Eight numbers of each of eight blocks, turned so that a vector holds one of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(ReadOnlySpan<float> numbers, Span<Vector256<float>> lanes)
    {
        for (var half = 0; half < 2; half++)
        {
            var fours = numbers[(4 * half)..];
            var (a, b, c, d) = (Pair(0, fours), Pair(1, fours), Pair(2, fours), Pair(3, fours));
            var (ac, bd) = (Low(a, c), Low(b, d));
            (lanes[4 * half], lanes[4 * half + 1]) = (Low(ac, bd), High(ac, bd));
            (ac, bd) = (High(a, c), High(b, d));
            (lanes[4 * half + 2], lanes[4 * half + 3]) = (Low(ac, bd), High(ac, bd));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(int block, ReadOnlySpan<float> from) =>
        Vector256.Create(Vector128.Create(from[(block * FourBlock)..]), Vector128.Create(from[((block + Together / 2) * FourBlock)..]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Low(Vector256<float> one, Vector256<float> other) =>
        Avx.IsSupported ? Avx.UnpackLow(one, other) : Vector256.Create(one[0], other[0], one[1], other[1], one[4], other[4], one[5], other[5]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> High(Vector256<float> one, Vector256<float> other) =>
        Avx.IsSupported ? Avx.UnpackHigh(one, other) : Vector256.Create(one[2], other[2], one[3], other[3], one[6], other[6], one[7], other[7]);

    /// <summary>The grids chosen so far; scale 0 until one is of use.</summary>
    private readonly record struct Grids(Vector256<float> Near, Vector256<float> Scales, Vector256<float> Zeros)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Grids Or(Vector256<float> product, Vector256<float> square, Vector256<float> zeros, Vector256<float> factor)
        {
            var near = product * product / square;
            var better = Vector256.GreaterThan(near, Near) & Vector256.GreaterThan(product, Vector256<float>.Zero) & Vector256.LessThan(factor, Vector256.Create(float.PositiveInfinity));
            return new(Vector256.ConditionalSelect(better, near, Near), Vector256.ConditionalSelect(better, product / square, Scales), Vector256.ConditionalSelect(better, zeros, Zeros));
        }
    }
}
