using ModelAtlas.Inference.Checkpoints.Gguf;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>gpt-oss' experts: for each output blocks of 32 four-bit floats, the lower half of a byte first. [experts, outputs, inputs], where the same tensor in numbers is [experts, inputs, outputs].</summary>
internal sealed class Mxfp4Weight(StoredTensor blocks, StoredTensor exponents)
    : Weight([blocks.Shape[0], blocks.Shape[1], blocks.Shape[2] * Block], StoredType.Mxfp4)
{
    public const int Block = 32;

    private readonly int _inputs = (int)(blocks.Shape[2] * Block);
    private readonly int _outputs = (int)blocks.Shape[1];

    public override BlockWeights Blocks => new Carried(this);

    protected override void Decode(long row, int count, Span<float> rows)
    {
        var (values, scales) = (new byte[_inputs], new float[_inputs / Block]);
        for (var i = 0; i < count * _outputs; i++)
        {
            Line(row * _outputs + i, values, scales);
            var line = rows.Slice(i * _inputs, _inputs);
            for (var input = 0; input < _inputs; input++) line[input] = scales[input / Block] * (values[input] - 128);
        }
    }

    private void Line(long line, Span<byte> values, Span<float> scales)
    {
        var (packed, powers) = (new byte[_inputs / 2], new byte[_inputs / Block]);
        blocks.ReadBytes(line * packed.Length, packed);
        exponents.ReadBytes(line * powers.Length, powers);
        for (var i = 0; i < _inputs; i++) values[i] = (byte)(GgufBlocks.Fourths[packed[i / 2] >> i % 2 * 4 & 15] + 128);
        for (var block = 0; block < powers.Length; block++) scales[block] = StoredNumbers.PowerOfTwo(powers[block]) / 2;
    }

    private sealed class Carried(Mxfp4Weight weight) : BlockWeights(8, Block, weight.Rows * weight._outputs, weight._inputs)
    {
        public override void Read(long row, Span<byte> values, Span<float> scales, Span<byte> zeroPoints, Span<float> minima)
        {
            for (var i = 0; i < values.Length / BytesPerRow; i++)
                weight.Line(row + i, values.Slice(i * BytesPerRow, BytesPerRow), scales.Slice(i * BlocksPerRow, BlocksPerRow));
        }
    }
}
