using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>Values of 4 bits as two in a byte or eight in a word, the first in the lowest bits; those of 8 bits as they are.</summary>
internal static class Packing
{
    public static void Pack(ReadOnlySpan<byte> values, int bits, Span<byte> packed)
    {
        if (bits == 8)
        {
            values.CopyTo(packed);
            return;
        }
        var whole = values.Length / 8 * 8;
        for (var i = 0; i < whole; i += 8)
        {
            var gathered = BinaryPrimitives.ReadUInt64LittleEndian(values[i..]);
            gathered = (gathered | gathered >> 4) & 0x00ff_00ff_00ff_00ff;
            gathered = (gathered | gathered >> 8) & 0x0000_ffff_0000_ffff;
            BinaryPrimitives.WriteUInt32LittleEndian(packed[(i / 2)..], (uint)(gathered | gathered >> 16));
        }
        for (var i = whole / 2; i < values.Length / 2; i++) packed[i] = (byte)(values[2 * i] | values[2 * i + 1] << 4);
        if (values.Length % 2 == 1) packed[values.Length / 2] = values[^1];
    }

    /// <summary>scale (q - zero) + minimum of every value; without a minimum, none is added.</summary>
    public static void Multiply(ReadOnlySpan<byte> values, float scale, int zero, float? minimum, Span<float> numbers)
    {
        var least = Vector128.Create(minimum ?? 0);
        var at = 0;
        for (; at <= values.Length - 16; at += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(values[at..]));
            var ((first, second), (third, fourth)) = (Vector128.Widen(low), Vector128.Widen(high));
            Put(first, numbers[at..]);
            Put(second, numbers[(at + 4)..]);
            Put(third, numbers[(at + 8)..]);
            Put(fourth, numbers[(at + 12)..]);
        }
        for (; at < values.Length; at++) numbers[at] = minimum is { } added ? scale * (values[at] - zero) + added : scale * (values[at] - zero);

        void Put(Vector128<uint> four, Span<float> to)
        {
            var product = Vector128.ConvertToSingle(four.AsInt32() - Vector128.Create(zero)) * scale;
            (minimum is null ? product : product + least).CopyTo(to);
        }
    }

    /// <summary>The eight values of 4 bits in a word as eight bytes, the lowest first.</summary>
    public static void Spread(uint word, Span<byte> values)
    {
        ulong spread = word;
        spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff;
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff;
        BinaryPrimitives.WriteUInt64LittleEndian(values, (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0f);
    }
}
