namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>AutoAWQ's layout "gemm": a word holds eight outputs of one input, out of order.</summary>
internal sealed class AwqWeight(GroupedShape shape, StoredTensor words, StoredTensor zeroWords, StoredTensor scaleNumbers) : GroupedWeight(shape, StoredType.Awq4)
{
    /// <summary>Where in a word the output of each number lies.</summary>
    private static ReadOnlySpan<byte> Places => [0, 4, 1, 5, 2, 6, 3, 7];

    public override void Load(long row, int count, Span<byte> values, Span<float> scales, Span<short> zeros)
    {
        var (inputs, groups) = (Grouped.Inputs, Grouped.Groups);
        var first = row / 8;
        var columns = (int)((row + count + 7) / 8 - first);
        var stored = values.IsEmpty ? [] : Columns.Words(words, first, columns);
        var storedZeros = Columns.Words(zeroWords, first, columns);
        var numbers = Columns.Numbers(scaleNumbers, row, count);
        for (var output = 0; output < count; output++)
        {
            var (column, shift) = ((int)((row + output) / 8 - first), 4 * Places[(int)((row + output) % 8)]);
            for (var input = 0; input < inputs && stored.Length > 0; input++) values[output * inputs + input] = (byte)(stored[input * columns + column] >> shift & 15);
            for (var group = 0; group < groups; group++)
            {
                zeros[output * groups + group] = (short)(storedZeros[group * columns + column] >> shift & 15);
                scales[output * groups + group] = numbers[group * count + output];
            }
        }
    }
}
