namespace ModelAtlas.Inference.Checkpoints;

/// <summary>Values of 4 bits as two in a byte, the first in the lower half; those of 8 bits as they are.</summary>
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
}
