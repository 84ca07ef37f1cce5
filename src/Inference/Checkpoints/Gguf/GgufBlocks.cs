using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>Takes one block apart into its values, scales and minima, as <see cref="GgufFormat"/> describes them.</summary>
internal static class GgufBlocks
{
    private static ReadOnlySpan<sbyte> Curve => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Twice the values of a 4-bit float of two bits of exponent and one of mantissa.</summary>
    public static ReadOnlySpan<sbyte> Fourths => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static void Unpack(StoredType type, ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales, Span<float> minima)
    {
        switch (type)
        {
            case StoredType.Q4_0:
                scales[0] = Half(block);
                Halves(block[2..18], values);
                break;
            case StoredType.Q4_1:
                (scales[0], minima[0]) = (Half(block), Half(block[2..]));
                Halves(block[4..20], values);
                break;
            case StoredType.Q5_0:
                scales[0] = Half(block);
                Halves(block[6..22], values);
                FifthBits(block[2..], values, 128 - 16);
                break;
            case StoredType.Q5_1:
                (scales[0], minima[0]) = (Half(block), Half(block[2..]));
                Halves(block[8..24], values);
                FifthBits(block[4..], values, 0);
                break;
            case StoredType.Q8_0:
                scales[0] = Half(block);
                TensorPrimitives.Xor(block[2..34], (byte)0x80, values);
                break;
            case StoredType.IQ4_NL:
                scales[0] = Half(block);
                Halves(block[2..18], values);
                Look(Curve, values);
                break;
            case StoredType.IQ4_XS: CurveExtra(block, values, scales); break;
            case StoredType.Mxfp4:
                scales[0] = StoredNumbers.PowerOfTwo(block[0]) / 2;
                Halves(block[1..17], values);
                Look(Fourths, values);
                break;
            case StoredType.Q2_K: Two(block, values, scales, minima); break;
            case StoredType.Q3_K: Three(block, values, scales); break;
            case StoredType.Q4_K: Four(block, values, scales, minima); break;
            case StoredType.Q5_K: Five(block, values, scales, minima); break;
            case StoredType.Q6_K: Six(block, values, scales); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "no type of blocks");
        }
    }

    /// <summary>Lower halves of all bytes first, then the upper ones.</summary>
    private static void Halves(ReadOnlySpan<byte> packed, Span<byte> values)
    {
        for (var i = 0; i < packed.Length; i += 16) // there are 16 or 32
        {
            var bytes = Vector128.Create(packed[i..]);
            (bytes & Vector128.Create((byte)15)).CopyTo(values[i..]);
            Vector128.ShiftRightLogical(bytes, 4).CopyTo(values[(i + packed.Length)..]);
        }
    }

    private static void FifthBits(ReadOnlySpan<byte> bits, Span<byte> values, int up)
    {
        for (var i = 0; i < 4; i++)
        {
            var eight = values.Slice(8 * i, 8);
            BinaryPrimitives.WriteUInt64LittleEndian(eight, (BinaryPrimitives.ReadUInt64LittleEndian(eight) | Ones(bits[i]) << 4) + 0x0101_0101_0101_0101 * (ulong)up);
        }
    }

    /// <summary>The eight bits of a byte as eight bytes of 0 or 1.</summary>
    private static ulong Ones(byte bits)
    {
        var each = bits * 0x0101_0101_0101_0101UL & 0x8040_2010_0804_0201;
        return (each + 0x7f7f_7f7f_7f7f_7f7f | each) >> 7 & 0x0101_0101_0101_0101;
    }

    private static void Look(ReadOnlySpan<sbyte> table, Span<byte> values)
    {
        for (var i = 0; i < 32; i++) values[i] = (byte)(table[values[i]] + 128);
    }

    private static void CurveExtra(ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales)
    {
        var (scale, high) = (Half(block), BinaryPrimitives.ReadUInt16LittleEndian(block[2..]));
        for (var group = 0; group < 8; group++)
        {
            scales[group] = scale * ((block[4 + group / 2] >> 4 * (group % 2) & 15 | (high >> 2 * group & 3) << 4) - 32);
            Halves(block.Slice(8 + 16 * group, 16), values[(32 * group)..]);
            Look(Curve, values[(32 * group)..]);
        }
    }

    private static void Two(ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales, Span<float> minima)
    {
        var (scale, minimum) = (Half(block[80..]), Half(block[82..]));
        for (var group = 0; group < 16; group++) (scales[group], minima[group]) = (scale * (block[group] & 15), -(minimum * (block[group] >> 4)));
        Quarters(block[16..80], values);
    }

    /// <summary>In each half of a block, 32 bytes hold four runs of 32 values, two bits of each.</summary>
    private static void Quarters(ReadOnlySpan<byte> packed, Span<byte> values)
    {
        for (var run = 0; run < 8; run++)
            for (var half = 0; half < 32; half += 16)
                (Vector128.ShiftRightLogical(Vector128.Create(packed[(run / 4 * 32 + half)..]), run % 4 * 2) & Vector128.Create((byte)3)).CopyTo(values[(32 * run + half)..]);
    }

    private static void Three(ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales)
    {
        var packed = block[96..108];
        var scale = Half(block[108..]);
        for (var group = 0; group < 16; group++)
            scales[group] = scale * (((group < 8 ? packed[group] & 15 : packed[group - 8] >> 4) | (packed[8 + group % 4] >> group / 4 * 2 & 3) << 4) - 32);
        Quarters(block[32..96], values);
        AddBits(block[..32], values, 2);
        for (var i = 0; i < 256; i += 16) (Vector128.Create<byte>(values[i..]) + Vector128.Create((byte)4)).CopyTo(values[i..]);
    }

    private static void Four(ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales, Span<float> minima)
    {
        SixBitScales(block, scales, minima);
        for (var run = 0; run < 4; run++) Halves(block.Slice(16 + 32 * run, 32), values[(64 * run)..]);
    }

    private static void Five(ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales, Span<float> minima)
    {
        SixBitScales(block, scales, minima);
        for (var run = 0; run < 4; run++) Halves(block.Slice(48 + 32 * run, 32), values[(64 * run)..]);
        AddBits(block[16..48], values, 4);
    }

    /// <summary>Each of 32 bytes has a bit for the value at its place in each run of 32.</summary>
    private static void AddBits(ReadOnlySpan<byte> bits, Span<byte> values, int place)
    {
        for (var run = 0; run < 8; run++)
            for (var half = 0; half < 32; half += 16)
            {
                var to = values[(32 * run + half)..];
                var one = Vector128.ShiftRightLogical(Vector128.Create(bits[half..]), run) & Vector128.Create((byte)1);
                (Vector128.Create<byte>(to) | Vector128.ShiftLeft(one, place)).CopyTo(to);
            }
    }

    /// <summary>Eight scales and eight minima of six bits in twelve bytes.</summary>
    private static void SixBitScales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
    {
        var (scale, minimum) = (Half(block), Half(block[2..]));
        var packed = block[4..16];
        for (var group = 0; group < 8; group++)
        {
            scales[group] = scale * (group < 4 ? packed[group] & 63 : packed[group + 4] & 15 | packed[group - 4] >> 6 << 4);
            minima[group] = -(minimum * (group < 4 ? packed[group + 4] & 63 : packed[group + 4] >> 4 | packed[group] >> 6 << 4));
        }
    }

    private static void Six(ReadOnlySpan<byte> block, Span<byte> values, Span<float> scales)
    {
        var scale = Half(block[208..]);
        for (var group = 0; group < 16; group++) scales[group] = scale * (sbyte)block[192 + group];
        for (var i = 0; i < 256; i += 16)
        {
            var (half, run, at) = (i / 128, i % 128 / 32, i % 32);
            var low = Vector128.ShiftRightLogical(Vector128.Create(block[(64 * half + 32 * (run % 2) + at)..]), run / 2 * 4) & Vector128.Create((byte)15);
            var high = Vector128.ShiftRightLogical(Vector128.Create(block[(128 + 32 * half + at)..]), 2 * run) & Vector128.Create((byte)3);
            ((low | Vector128.ShiftLeft(high, 4)) + Vector128.Create((byte)(128 - 32))).CopyTo(values[i..]);
        }
    }

    private static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
