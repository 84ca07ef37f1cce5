namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>AutoGPTQ's layout: a column of words holds the inputs of one output as a stream of bits, a row of words the zero points of one group.</summary>
/// <param name="zeroAbove">What the first form of the layout stores less than the zero point is: 1; the second: 0.</param>
internal sealed class GptqWeight(GroupedShape shape, StoredTensor words, StoredTensor zeroWords, StoredTensor scaleNumbers, int zeroAbove)
    : GroupedWeight(shape, shape.Bits == 8 ? StoredType.Gptq8 : StoredType.Gptq4)
{
    private const int Some = 256;

    public override void Load(long row, int count, Span<byte> values, Span<float> scales, Span<short> zeros)
    {
        for (var done = 0; done < count; done += Some)
        {
            var some = Math.Min(Some, count - done);
            LoadSome(row + done, some, values.IsEmpty ? [] : values.Slice(done * Grouped.Inputs, some * Grouped.Inputs), scales.Slice(done * Grouped.Groups, some * Grouped.Groups), zeros.Slice(done * Grouped.Groups, some * Grouped.Groups));
        }
    }

    private void LoadSome(long row, int count, Span<byte> values, Span<float> scales, Span<short> zeros)
    {
        var (bits, groups) = (Grouped.Bits, Grouped.Groups);
        if (!values.IsEmpty) LoadValues(Columns.Words(words, row, count), count, values);
        var firstWord = row * bits / 32;
        var zeroColumns = (int)(((row + count) * bits + 31) / 32 - firstWord);
        var stored = Columns.Words(zeroWords, firstWord, zeroColumns);
        var numbers = Columns.Numbers(scaleNumbers, row, count);
        for (var group = 0; group < groups; group++)
            for (var output = 0; output < count; output++)
            {
                zeros[output * groups + group] = (short)(Bits(stored.AsSpan(group * zeroColumns, zeroColumns), (row + output) * bits - firstWord * 32, 1, 0, bits) + zeroAbove);
                scales[output * groups + group] = numbers[group * count + output];
            }
    }

    private void LoadValues(ReadOnlySpan<uint> columns, int count, Span<byte> values)
    {
        var (bits, inputs) = (Grouped.Bits, Grouped.Inputs);
        if (bits == 4)
        {
            for (var input = 0; input < inputs; input += 8)
                for (var output = 0; output < count; output++) Packing.Spread(columns[input / 8 * count + output], values[(output * inputs + input)..]);
            return;
        }
        for (var input = 0; input < inputs; input++)
            for (var output = 0; output < count; output++)
                values[output * inputs + input] = Bits(columns, (long)input * bits, count, output, bits);
    }

    /// <summary>Bits from a place on in the stream that every <paramref name="stride"/>th word makes.</summary>
    private static byte Bits(ReadOnlySpan<uint> from, long at, int stride, int column, int bits)
    {
        var (word, shift) = ((int)(at / 32), (int)(at % 32));
        var value = from[word * stride + column] >> shift;
        if (shift + bits > 32) value |= from[(word + 1) * stride + column] << 32 - shift;
        return (byte)(value & (1u << bits) - 1);
    }
}
