using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Inference.Kernels;

/// <summary>Numbers of 16 bits (IEEE 754 binary16) in memory that are computed with in 32.</summary>
internal static unsafe class HalfNumbers
{
    /// <summary>2 to the 112th: with the bits of a half where a float has its own, the exponent is so much too small.</summary>
    private const float Lift = 5.192296858534828e33f;

    /// <summary>How far ahead of their use numbers are asked for: memory is slower to begin than to go on.</summary>
    private const int AheadBytes = 4096;

    /// <summary>Whether this machine has the instructions that it is made of.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    public static void Round(ReadOnlySpan<float> from, Half* into) => TensorPrimitives.ConvertToHalf(from, new Span<Half>(into, from.Length));

    /// <param name="count">A multiple of 16.</param>
    public static void Widen(Half* from, int count, float* into)
    {
        for (var at = 0; at < count; at += 16)
        {
            Sse.Prefetch0((byte*)(from + at) + AheadBytes);
            Eight(from + at).Store(into + at);
            Eight(from + at + 8).Store(into + at + 8);
        }
    }

    /// <summary>Exact for all that is finite; the infinite becomes 65,536.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(Half* from) =>
        (Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32((short*)from), 13) & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle() * Lift;
}
