using System.Numerics.Tensors;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>8-bit floats [outputs, inputs] with one scale for each block of so many outputs and inputs; blocks at the edges may be smaller.</summary>
internal sealed class ScaledWeight(StoredTensor stored, StoredTensor scaleNumbers, long blockOutputs, long blockInputs) : Weight(stored.Shape, StoredType.F8Scaled)
{
    protected override void Decode(long row, int count, Span<float> rows)
    {
        stored.ReadNumbers(row * RowLength, rows);
        var blocks = (int)((RowLength + blockInputs - 1) / blockInputs);
        var scales = new float[blocks];
        var at = -1L;
        for (var i = 0; i < count; i++)
        {
            if ((row + i) / blockOutputs is var block && block != at) scaleNumbers.ReadNumbers((at = block) * blocks, scales);
            var line = rows.Slice((int)(i * RowLength), (int)RowLength);
            for (var j = 0; j < blocks; j++)
            {
                var part = line[(int)(j * blockInputs)..(int)Math.Min((j + 1) * blockInputs, RowLength)];
                TensorPrimitives.Multiply(part, scales[j], part);
            }
        }
    }
}
