using System.Runtime.Intrinsics;

namespace ModelAtlas.Inference.Kernels;

/// <summary>The gate of a feed-forward part.</summary>
internal static unsafe class Gate
{
    /// <summary>Makes x · sigmoid(x) · y of each x.</summary>
    public static void Apply(float* gate, float* other, int count)
    {
        var at = 0;
        for (; at + 8 <= count; at += 8)
        {
            var x = Vector256.Load(gate + at);
            (x * Vector256.Load(other + at) / (Vector256.Create(1f) + Vector256.Exp(-x))).Store(gate + at);
        }
        for (; at < count; at++) gate[at] *= other[at] / (1 + MathF.Exp(-gate[at]));
    }
}
