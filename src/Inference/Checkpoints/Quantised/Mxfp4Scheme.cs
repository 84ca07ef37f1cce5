namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>Experts in blocks of four-bit floats with a power of two each.</summary>
internal static class Mxfp4Scheme
{
    public static void Take(TensorPool pool)
    {
        foreach (var name in pool.Before("_blocks"))
        {
            var (blocks, exponents) = (pool.Take(name + "_blocks"), pool.Take(name + "_scales"));
            if (blocks is not { Type: StoredType.U8, Shape: [> 0 and <= 4096 and var experts, > 0 and <= 1 << 24 and var outputs, > 0 and <= 1 << 19 and var each, Mxfp4Weight.Block / 2] }) throw TensorPool.Odd(blocks);
            if (exponents.Type != StoredType.U8) throw TensorPool.Odd(exponents);
            TensorPool.Expect(exponents, experts, outputs, each);
            pool.Made[name] = new Mxfp4Weight(blocks, exponents);
        }
    }
}
