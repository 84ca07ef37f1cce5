namespace ModelAtlas.Inference.Checkpoints;

/// <summary>
/// A matrix [outputs, inputs] as the operator MatMulNBits wants it: every row of blocks of <see cref="BlockSize"/> values of 4 or 8 bits, w = scale (q - zero) + minimum.
/// A tensor of three dimensions (experts) is its matrices one below the other.
/// </summary>
internal abstract class BlockWeights(int bits, int blockSize, long rows, long columns)
{
    public int Bits { get; } = bits;
    public int BlockSize { get; } = blockSize;
    public long Rows { get; } = rows;
    public long Columns { get; } = columns;
    public int BlocksPerRow { get; } = (int)((columns + blockSize - 1) / blockSize);

    /// <summary>Bytes of values in a row; two 4-bit values in a byte, the lower half first.</summary>
    public int BytesPerRow => BlocksPerRow * (BlockSize * Bits / 8);

    /// <summary>Bytes of zero points in a row; a byte holds two of 4 bits, the lower half first.</summary>
    public int ZeroBytesPerRow => (BlocksPerRow * Bits + 7) / 8;

    /// <summary>False: the zero point is 8 or 128, which the operator takes where none is given.</summary>
    public virtual bool HasZeroPoints => false;

    /// <summary>True: the product needs the sum of each block of inputs times the minimum added; zero points are then given and all 0.</summary>
    public virtual bool HasMinima => false;

    /// <summary>Where the columns are not in the order of the inputs: column i multiplies input Order[i].</summary>
    public virtual IReadOnlyList<int>? Order => null;

    /// <summary>Rows from <paramref name="row"/> on, as many as <paramref name="values"/> holds. Spans of parts that the matrix does not have are left as they are.</summary>
    public abstract void Read(long row, Span<byte> values, Span<float> scales, Span<byte> zeroPoints, Span<float> minima);
}
