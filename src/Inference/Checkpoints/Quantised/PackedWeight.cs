using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>A row of words for each output, with values one behind the other: the packed layout of compressed-tensors. Zero points, where there are any, are packed along the outputs.</summary>
internal sealed class PackedWeight(GroupedShape shape, StoredTensor words, StoredTensor? zeroWords, StoredTensor scaleNumbers)
    : GroupedWeight(shape, shape.Bits == 8 ? StoredType.Packed8 : StoredType.Packed4)
{
    public override (bool Fit, bool Middle) Zeros(int most) => zeroWords is null && 1 << Grouped.Bits == most + 1 ? (true, true) : base.Zeros(most);

    public override void Load(long row, int count, Span<byte> values, Span<float> scales, Span<short> zeros)
    {
        var (bits, inputs, groups) = (Grouped.Bits, Grouped.Inputs, Grouped.Groups);
        var (wordsInRow, perWord, mask) = ((int)words.Shape[1], 32 / bits, (1u << bits) - 1);
        var stored = new uint[values.IsEmpty ? 0 : count * wordsInRow];
        words.ReadBytes(row * wordsInRow * 4, MemoryMarshal.AsBytes(stored.AsSpan()));
        var spread = bits == 4 ? inputs / 8 * 8 : 0;
        for (var output = 0; output < count && stored.Length > 0; output++)
        {
            for (var input = 0; input < spread; input += 8) Packing.Spread(stored[output * wordsInRow + input / 8], values[(output * inputs + input)..]);
            for (var input = spread; input < inputs; input++)
                values[output * inputs + input] = (byte)(stored[output * wordsInRow + input / perWord] >> input % perWord * bits & mask);
        }
        scaleNumbers.ReadNumbers(row * groups, scales[..(count * groups)]);
        if (zeroWords is null)
        {
            zeros[..(count * groups)].Fill((short)(1 << bits - 1));
            return;
        }
        var first = row / perWord;
        var packed = new uint[((row + count + perWord - 1) / perWord - first) * groups];
        zeroWords.ReadBytes(first * groups * 4, MemoryMarshal.AsBytes(packed.AsSpan()));
        for (var output = 0; output < count; output++)
            for (var group = 0; group < groups; group++)
            {
                var (word, within) = ((row + output) / perWord - first, (int)((row + output) % perWord));
                zeros[output * groups + group] = (short)(packed[word * groups + group] >> within * bits & mask);
            }
    }
}

/// <summary>Signed bytes with a scale for each output, and perhaps a zero point.</summary>
/// <param name="divisor">What the stored scales are divided by: 127 for bitsandbytes, whose scales are the largest magnitudes.</param>
internal sealed class ByteWeight(GroupedShape shape, StoredTensor bytes, StoredTensor scaleNumbers, StoredTensor? zeroNumbers, float divisor) : GroupedWeight(shape, StoredType.Int8Rows)
{
    public override (bool Fit, bool Middle) Zeros(int most) => zeroNumbers is null ? (true, true) : base.Zeros(most);

    public override void Load(long row, int count, Span<byte> values, Span<float> scales, Span<short> zeros)
    {
        bytes.ReadBytes(row * Grouped.Inputs, values);
        for (var i = 0; i < values.Length; i++) values[i] ^= 0x80;
        var (groups, whole) = (Grouped.Groups, scaleNumbers.Count == 1 && Grouped.Outputs * Grouped.Groups > 1);
        Fill(scaleNumbers, scales[..(count * groups)]);
        if (divisor != 1) for (var i = 0; i < count * groups; i++) scales[i] /= divisor;
        zeros[..(count * groups)].Fill(128);
        if (zeroNumbers is null) return;
        var signed = new float[count * groups];
        Fill(zeroNumbers, signed);
        for (var i = 0; i < signed.Length; i++) zeros[i] = (short)(128 + (int)signed[i]);

        void Fill(StoredTensor from, Span<float> to)
        {
            if (!whole) from.ReadNumbers(row * groups, to);
            else
            {
                from.ReadNumbers(0, to[..1]);
                to.Fill(to[0]);
            }
        }
    }
}
