using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>Numbers as files store them, little-endian, made float32.</summary>
internal static class StoredNumbers
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(Small)];
    private static readonly float[] E5M2 = [.. Enumerable.Range(0, 256).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8)))];
    private static readonly float[] E8M0 = [.. Enumerable.Range(0, 256).Select(bits => PowerOfTwo((byte)bits))];

    /// <summary>A number that is an exponent alone; its last value is no number.</summary>
    public static float PowerOfTwo(byte exponent) => exponent == 255 ? float.NaN : MathF.ScaleB(1, exponent - 127);

    /// <summary>Bytes of one number; of types that are no blocks.</summary>
    public static int Size(StoredType type) => type switch
    {
        StoredType.F64 or StoredType.I64 or StoredType.U64 => 8,
        StoredType.F32 or StoredType.I32 or StoredType.U32 => 4,
        StoredType.F16 or StoredType.BF16 or StoredType.I16 or StoredType.U16 => 2,
        StoredType.F8E4M3 or StoredType.F8E5M2 or StoredType.F8E8M0 or StoredType.I8 or StoredType.U8 or StoredType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "stored in blocks"),
    };

    public static void Convert(StoredType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        switch (type)
        {
            case StoredType.F32: MemoryMarshal.Cast<byte, float>(from).CopyTo(to); break;
            case StoredType.F16: TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(from), to); break;
            case StoredType.BF16: Brain(MemoryMarshal.Cast<byte, ushort>(from), to); break;
            case StoredType.F8E4M3: Look(from, E4M3, to); break;
            case StoredType.F8E5M2: Look(from, E5M2, to); break;
            case StoredType.F8E8M0: Look(from, E8M0, to); break;
            case StoredType.F64: Truncating<double>(from, to); break;
            case StoredType.I64: Truncating<long>(from, to); break;
            case StoredType.U64: Truncating<ulong>(from, to); break;
            case StoredType.I32: Truncating<int>(from, to); break;
            case StoredType.U32: Truncating<uint>(from, to); break;
            case StoredType.I16: Truncating<short>(from, to); break;
            case StoredType.U16: Truncating<ushort>(from, to); break;
            case StoredType.I8: Truncating<sbyte>(from, to); break;
            case StoredType.U8 or StoredType.Bool: Truncating<byte>(from, to); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "stored in blocks");
        }
    }

    private static void Truncating<T>(ReadOnlySpan<byte> from, Span<float> to) where T : unmanaged, INumber<T> =>
        TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, T>(from), to);

    /// <summary>Compiled for speed at once: most models are read this way, within seconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Brain(ReadOnlySpan<ushort> from, Span<float> to)
    {
        var bits = MemoryMarshal.Cast<float, uint>(to);
        var at = 0;
        for (; at <= from.Length - Vector<ushort>.Count; at += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[at..]), out var low, out var high);
            (low << 16).CopyTo(bits[at..]);
            (high << 16).CopyTo(bits[(at + Vector<uint>.Count)..]);
        }
        for (; at < from.Length; at++) bits[at] = (uint)from[at] << 16;
    }

    private static void Look(ReadOnlySpan<byte> from, float[] table, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++) to[i] = table[from[i]];
    }

    /// <summary>The 8-bit float of four bits of exponent and three of mantissa: it has no infinities, and one magnitude that is no number.</summary>
    private static float Small(int bits)
    {
        var (exponent, mantissa) = (bits >> 3 & 15, bits & 7);
        var value = (bits & 127) == 127 ? float.NaN : exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(8 + mantissa, exponent - 10);
        return bits >= 128 ? -value : value;
    }
}
