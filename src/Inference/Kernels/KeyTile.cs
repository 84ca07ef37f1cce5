using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Inference.Kernels;

/// <summary>Some keys laid out so that one number of a query meets sixteen of them at once.</summary>
internal static unsafe class KeyTile
{
    /// <summary>Keys side by side.</summary>
    public const int Lanes = 16;

    /// <summary>Keys side by side in sixteens, dimension after dimension; what is missing of the last sixteen is zero.</summary>
    public static void Turn(float* from, int count, int size, float* into)
    {
        for (var sixteen = 0; sixteen < count; sixteen += Lanes, into += Lanes * size)
            for (var half = 0; half < Lanes; half += 8)
            {
                var there = Math.Clamp(count - sixteen - half, 0, 8);
                var rows = from + ((long)(sixteen + half) * size);
                for (var dimension = 0; dimension < size; dimension += 8) TurnEight(rows + dimension, there, size, into + (dimension * Lanes) + half);
            }
    }

    private static void TurnEight(float* rows, int there, int size, float* into)
    {
        var (a, b, c, d) = (Row(rows, 0, there, size), Row(rows, 1, there, size), Row(rows, 2, there, size), Row(rows, 3, there, size));
        var (e, f, g, h) = (Row(rows, 4, there, size), Row(rows, 5, there, size), Row(rows, 6, there, size), Row(rows, 7, there, size));
        Put(Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), Avx.UnpackLow(e, f), Avx.UnpackLow(g, h), into);
        Put(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), Avx.UnpackHigh(e, f), Avx.UnpackHigh(g, h), into + (2 * Lanes));
    }

    private static void Put(Vector256<float> ab, Vector256<float> cd, Vector256<float> ef, Vector256<float> gh, float* into)
    {
        var (low1, low2) = (Avx.Shuffle(ab, cd, 0x44), Avx.Shuffle(ef, gh, 0x44));
        var (high1, high2) = (Avx.Shuffle(ab, cd, 0xEE), Avx.Shuffle(ef, gh, 0xEE));
        Avx.Permute2x128(low1, low2, 0x20).Store(into);
        Avx.Permute2x128(high1, high2, 0x20).Store(into + Lanes);
        Avx.Permute2x128(low1, low2, 0x31).Store(into + (4 * Lanes));
        Avx.Permute2x128(high1, high2, 0x31).Store(into + (5 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* rows, int row, int there, int size) => row < there ? Vector256.Load(rows + (row * size)) : default;
}
