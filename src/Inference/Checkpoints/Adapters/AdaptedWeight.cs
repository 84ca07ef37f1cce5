using System.Numerics.Tensors;

namespace ModelAtlas.Inference.Checkpoints.Adapters;

/// <summary>What an adapter adds to one weight: scale times up [outputs, rank] times down [rank, inputs], and perhaps a magnitude for each output.</summary>
internal sealed record WeightDifference(StoredTensor Down, StoredTensor Up, float Scale, StoredTensor? Magnitudes);

/// <summary>A weight of the base model with its adapter's difference.</summary>
/// <param name="turned">The weight is stored [inputs, outputs]: embeddings, and modules of GPT-2.</param>
internal sealed class AdaptedWeight(Weight plain, WeightDifference difference, bool turned) : Weight(plain.Shape, StoredType.F32)
{
    private readonly Lazy<float[]> _turnedFactors = new(() => TurnedFactors(plain, difference));

    protected override void Decode(long row, int count, Span<float> rows)
    {
        AddDifference(plain, difference, turned, row, count, rows);
        if (difference.Magnitudes is not { } magnitudes) return;
        if (turned)
        {
            for (var i = 0; i < count; i++)
            {
                var line = rows.Slice((int)(i * RowLength), (int)RowLength);
                TensorPrimitives.Multiply(line, _turnedFactors.Value, line);
            }
            return;
        }
        var wanted = new float[count];
        magnitudes.ReadNumbers(row, wanted);
        for (var i = 0; i < count; i++)
        {
            var line = rows.Slice((int)(i * RowLength), (int)RowLength);
            TensorPrimitives.Multiply(line, wanted[i] / TensorPrimitives.Norm<float>(line), line);
        }
    }

    private static void AddDifference(Weight plain, WeightDifference difference, bool turned, long row, int count, Span<float> rows)
    {
        plain.Read(row, rows);
        // Seen from the rows: [rows, rank] times [rank, row's length].
        var (rank, length) = ((int)difference.Down.Shape[0], (int)plain.RowLength);
        var (left, right) = (new float[count * rank], new float[rank * length]);
        if (turned)
        {
            for (var k = 0; k < rank; k++)
            {
                var one = new float[count];
                difference.Down.ReadNumbers(k * plain.Rows + row, one);
                for (var i = 0; i < count; i++) left[i * rank + k] = one[i];
            }
            var up = new float[rank * length];
            difference.Up.ReadNumbers(0, up);
            for (var i = 0; i < length; i++)
                for (var k = 0; k < rank; k++) right[k * length + i] = up[i * rank + k];
        }
        else
        {
            difference.Up.ReadNumbers(row * rank, left);
            difference.Down.ReadNumbers(0, right);
        }
        var sum = new float[length];
        for (var i = 0; i < count; i++)
        {
            Array.Clear(sum);
            for (var k = 0; k < rank; k++) TensorPrimitives.MultiplyAdd(right.AsSpan(k * length, length), left[i * rank + k], sum, sum);
            var line = rows.Slice(i * length, length);
            TensorPrimitives.MultiplyAdd(sum, difference.Scale, line, line);
        }
    }

    /// <summary>Where outputs are columns, what each is to be multiplied by: takes one look at the whole weight.</summary>
    private static float[] TurnedFactors(Weight plain, WeightDifference difference)
    {
        var squares = new float[plain.RowLength];
        var step = (int)Math.Clamp((1 << 22) / plain.RowLength, 1, plain.Rows);
        var rows = new float[step * plain.RowLength];
        for (var row = 0L; row < plain.Rows; row += step)
        {
            var count = (int)Math.Min(step, plain.Rows - row);
            AddDifference(plain, difference, true, row, count, rows.AsSpan(0, (int)(count * plain.RowLength)));
            for (var i = 0; i < count; i++)
            {
                var line = rows.AsSpan((int)(i * plain.RowLength), squares.Length);
                TensorPrimitives.MultiplyAdd(line, line, squares, squares);
            }
        }
        var factors = new float[squares.Length];
        (difference.Magnitudes ?? throw new InvalidOperationException("no magnitudes")).ReadNumbers(0, factors);
        for (var i = 0; i < factors.Length; i++) factors[i] /= MathF.Sqrt(squares[i]);
        return factors;
    }
}
