namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>The scales of bitsandbytes' blocks: as they are, or as bytes that look up a table and have scales of their own.</summary>
internal sealed class BlockMaxima(StoredTensor stored, StoredTensor? table, StoredTensor? nested, int nestedBlock, float offset)
{
    public float[] Read(long first, int count)
    {
        var maxima = new float[count];
        if (table is null || nested is null)
        {
            stored.ReadNumbers(first, maxima);
            return maxima;
        }
        var (codes, steps, firstNested) = (new byte[count], new float[256], first / nestedBlock);
        stored.ReadBytes(first, codes);
        table.ReadNumbers(0, steps);
        var scales = new float[(first + count - 1) / nestedBlock - firstNested + 1];
        nested.ReadNumbers(firstNested, scales);
        for (var i = 0; i < count; i++) maxima[i] = steps[codes[i]] * scales[(first + i) / nestedBlock - firstNested] + offset;
        return maxima;
    }
}

/// <summary>bitsandbytes' 4-bit weights: blocks that run over the flat tensor, two values in a byte, the upper half first.</summary>
internal sealed class FourBitWeight(IReadOnlyList<long> shape, StoredType type, StoredTensor stored, float[] table, BlockMaxima maxima, int block) : Weight(shape, type)
{
    protected override void Decode(long row, int count, Span<float> rows)
    {
        const int Piece = 1 << 20;
        for (var done = 0; done < rows.Length; done += Piece) Flat(row * RowLength + done, rows.Slice(done, Math.Min(Piece, rows.Length - done)));
    }

    private void Flat(long first, Span<float> numbers)
    {
        var bytes = new byte[(first + numbers.Length + 1) / 2 - first / 2];
        stored.ReadBytes(first / 2, bytes);
        var firstBlock = first / block;
        var scales = maxima.Read(firstBlock, (int)((first + numbers.Length - 1) / block - firstBlock + 1));
        for (var i = 0; i < numbers.Length; i++)
        {
            var at = first + i;
            var code = bytes[at / 2 - first / 2] >> (at % 2 == 0 ? 4 : 0) & 15;
            numbers[i] = table[code] * scales[at / block - firstBlock];
        }
    }
}
