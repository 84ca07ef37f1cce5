namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>A matrix [outputs, inputs] of small whole numbers with a scale and a zero point for each group of inputs: w = scale (q - zero).</summary>
/// <param name="Bits">Of a value as it is stored: 2, 3, 4 or 8.</param>
/// <param name="GroupOf">The group of each input; null where groups follow each other.</param>
internal sealed record GroupedShape(long Outputs, int Inputs, int Bits, int Groups, IReadOnlyList<int>? GroupOf = null)
{
    /// <summary>Inputs of a group.</summary>
    public int Group => (Inputs + Groups - 1) / Groups;
}

internal abstract class GroupedWeight(GroupedShape shape, StoredType type) : Weight([shape.Outputs, shape.Inputs], type)
{
    private const int Most = 1 << 22;

    private Lazy<BlockWeights?>? _blocks;

    public GroupedShape Grouped { get; } = shape;

    public override BlockWeights? Blocks => (_blocks ??= new(() => GroupedBlocks.Make(this))).Value;

    /// <summary>Values, scales and zero points of some outputs, each one behind the other; no values are wanted where there is no room for any.</summary>
    public abstract void Load(long row, int count, Span<byte> values, Span<float> scales, Span<short> zeros);

    /// <summary>Whether the zero points of all groups lie between 0 and the most that fits, and whether all are the middle.</summary>
    public virtual (bool Fit, bool Middle) Zeros(int most)
    {
        var (fit, middle) = (true, true);
        var step = (int)Math.Clamp(Most / (long)Grouped.Groups, 1, Rows);
        var (scales, zeros) = (new float[step * Grouped.Groups], new short[step * Grouped.Groups]);
        for (var row = 0L; row < Rows && fit; row += step)
        {
            var count = (int)Math.Min(step, Rows - row);
            Load(row, count, [], scales.AsSpan(0, count * Grouped.Groups), zeros.AsSpan(0, count * Grouped.Groups));
            foreach (var zero in zeros.AsSpan(0, count * Grouped.Groups)) (fit, middle) = (fit && zero >= 0 && zero <= most, middle && zero == (most + 1) / 2);
        }
        return (fit, middle);
    }

    protected override void Decode(long row, int count, Span<float> rows)
    {
        var step = (int)Math.Clamp(Most / Grouped.Inputs, 1, count);
        var (values, scales, zeros) = (new byte[step * Grouped.Inputs], new float[step * Grouped.Groups], new short[step * Grouped.Groups]);
        for (var done = 0; done < count; done += step)
        {
            var some = Math.Min(step, count - done);
            Load(row + done, some, values.AsSpan(0, some * Grouped.Inputs), scales.AsSpan(0, some * Grouped.Groups), zeros.AsSpan(0, some * Grouped.Groups));
            for (var i = 0; i < some; i++)
                Multiply(values.AsSpan(i * Grouped.Inputs, Grouped.Inputs), scales.AsSpan(i * Grouped.Groups, Grouped.Groups), zeros.AsSpan(i * Grouped.Groups, Grouped.Groups), rows.Slice((done + i) * Grouped.Inputs, Grouped.Inputs));
        }
    }

    private void Multiply(ReadOnlySpan<byte> values, ReadOnlySpan<float> scales, ReadOnlySpan<short> zeros, Span<float> row)
    {
        if (Grouped.GroupOf is { } groups)
        {
            for (var i = 0; i < row.Length; i++) row[i] = scales[groups[i]] * (values[i] - zeros[groups[i]]);
            return;
        }
        for (var group = 0; group < scales.Length; group++)
        {
            var (start, end) = (group * Grouped.Group, Math.Min((group + 1) * Grouped.Group, row.Length));
            Packing.Multiply(values[start..end], scales[group], zeros[group], null, row[start..end]);
        }
    }
}
