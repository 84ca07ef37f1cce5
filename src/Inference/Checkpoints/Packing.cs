using System.Buffers.Binary;

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
        for (var i = 0; i < values.Length / 2; i++) packed[i] = (byte)(values[2 * i] | values[2 * i + 1] << 4);
        if (values.Length % 2 == 1) packed[values.Length / 2] = values[^1];
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
