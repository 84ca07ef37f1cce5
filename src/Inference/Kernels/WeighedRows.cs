namespace ModelAtlas.Inference.Kernels;

/// <summary>What rows of queries have gathered from some keys: of each the weighed sum of values, not yet divided by the sum of weights; the largest score, which its weights are relative to; and the sum of weights.</summary>
/// <param name="place">Room for <paramref name="rows"/> times <paramref name="size"/> + 2 numbers.</param>
internal readonly unsafe struct WeighedRows(float* place, int rows, int size)
{
    public float* Values => place;

    public float* Highest => place + ((long)rows * size);

    public float* Weight => Highest + rows;

    public ReadOnlySpan<float> Row(int row) => new(place + ((long)row * size), size);

    public void Clear()
    {
        new Span<float>(Values, rows * size).Clear();
        new Span<float>(Highest, rows).Fill(float.NegativeInfinity);
        new Span<float>(Weight, rows).Clear();
    }
}
