namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>8-bit floats with scales for blocks, rows or the whole, which are multiplied with in spite of the name "inverse".</summary>
internal static class FloatScheme
{
    private static readonly string[] _activations = [".input_scale", ".activation_scale", ".k_scale", ".v_scale", ".q_scale", ".input_scale_ub"];

    public static void Take(TensorPool pool, (long Outputs, long Inputs)? block)
    {
        foreach (var suffix in new[] { ".weight_scale_inv", ".weight_scale" })
            foreach (var name in pool.Before(suffix))
                pool.Made[name + ".weight"] = Weight(pool, pool.Take(name + ".weight"), pool.Take(name + suffix), block);
        foreach (var suffix in _activations) pool.Drop(suffix); // activations are never rounded here
    }

    public static Weight Weight(TensorPool pool, StoredTensor stored, StoredTensor scales, (long Outputs, long Inputs)? block)
    {
        if (stored is not { Type: StoredType.F8E4M3 or StoredType.F8E5M2, Shape: [> 0 and var outputs, > 0 and var inputs] }) throw pool.Odd(stored);
        if (scales.Type is not (StoredType.F32 or StoredType.F16 or StoredType.BF16 or StoredType.F8E8M0)) throw pool.Odd(scales);
        return scales.Shape switch
        {
            [] or [1] or [1, 1] => new ScaledWeight(stored, scales, outputs, inputs),
            [var rows] when rows == outputs => new ScaledWeight(stored, scales, 1, inputs),
            [var rows, 1] when rows == outputs => new ScaledWeight(stored, scales, 1, inputs),
            [var down, var across] when block is { } size && down == (outputs + size.Outputs - 1) / size.Outputs && across == (inputs + size.Inputs - 1) / size.Inputs => new ScaledWeight(stored, scales, size.Outputs, size.Inputs),
            _ => throw pool.Odd(scales),
        };
    }
}
