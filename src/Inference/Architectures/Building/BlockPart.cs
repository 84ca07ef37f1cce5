using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>
/// A matrix in blocks as it lies in the file of weights: values of all rows, then scales and zero points, which are small and wait in memory until then.
/// Minima of stored blocks are columns more, which are multiplied with the sums of the inputs of each block (<see cref="SumColumns"/>).
/// </summary>
internal sealed class BlockPart
{
    private readonly WeightSource _source;
    private readonly BlockWeights? _stored;
    private readonly int _own;

    private BlockPart(WeightSource source, BlockWeights? stored, int bits, int block, bool zeros)
    {
        (_source, _stored, Bits, Block, HasZeroPoints) = (source, stored, bits, block, zeros);
        _own = (source.Width + block - 1) / block;
        if (stored?.HasMinima == true) SumColumns = _own * (bits == 4 ? 2 : 1);
        BlocksPerRow = (source.Width + SumColumns + block - 1) / block;
        BytesPerRow = BlocksPerRow * (block * bits / 8);
        ZeroBytesPerRow = (BlocksPerRow * bits + 7) / 8;
    }

    public int Bits { get; }
    public int Block { get; }
    public bool HasZeroPoints { get; }

    /// <summary>
    /// Columns behind those of the matrix: with 8 bits one for the sum of each block of inputs, with 4 bits two, for the sum and for a sixteenth of it, whose numbers are together one of 8 bits.
    /// 0 where no minimum is stored.
    /// </summary>
    public int SumColumns { get; }

    public int BlocksPerRow { get; }
    public int BytesPerRow { get; }
    public int ZeroBytesPerRow { get; }
    public IReadOnlyList<int>? Order => _stored?.Order;
    public long ValueBytes => _source.Rows * BytesPerRow;
    public long ScaleBytes => _source.Rows * BlocksPerRow * sizeof(float);
    public long ZeroBytes => HasZeroPoints ? _source.Rows * ZeroBytesPerRow : 0;
    public long Length => ValueBytes + ScaleBytes + ZeroBytes;

    /// <summary>The blocks that the checkpoint holds.</summary>
    public static BlockPart Carried(WeightSource source, BlockWeights stored) => new(source, stored, stored.Bits, stored.BlockSize, stored.HasZeroPoints);

    /// <summary>Four bits with a zero point, in blocks of 32; eight without.</summary>
    public static BlockPart Rounded(WeightSource source, int bits, int block) => new(source, null, bits, block, bits == 4);

    public void Write(ICheckpoint checkpoint, PartOutput into, CancellationToken cancellationToken)
    {
        var scales = new float[_source.Rows * BlocksPerRow];
        var zeros = new byte[ZeroBytes];
        if (_stored is { } stored) Copy(stored, into, scales, zeros, cancellationToken);
        else RowStream.Write(checkpoint, _source, into, BytesPerRow, (row, rows, values) => Round(row, rows, values, scales, zeros), cancellationToken);
        into.Write(MemoryMarshal.AsBytes<float>(scales));
        into.Write(zeros);
    }

    private void Copy(BlockWeights stored, PartOutput into, float[] scales, byte[] zeros, CancellationToken cancellationToken)
    {
        var rows = (int)Math.Clamp((1 << 18) / BytesPerRow, 1, Math.Max(1, _source.Rows));
        Lanes.Run((_source.Rows + rows - 1) / rows, () => (Values: new byte[rows * BytesPerRow], Stored: SumColumns > 0 ? new StoredRows(stored, rows) : null), (piece, own) =>
        {
            var (row, count) = (piece * rows, (int)Math.Min(rows, _source.Rows - piece * rows));
            var values = own.Values.AsSpan(0, count * BytesPerRow);
            var rowScales = scales.AsSpan((int)(row * BlocksPerRow), count * BlocksPerRow);
            var rowZeros = HasZeroPoints ? zeros.AsSpan((int)(row * ZeroBytesPerRow), count * ZeroBytesPerRow) : default;
            if (own.Stored is { } read)
            {
                read.Read(row, count);
                for (var line = 0; line < count; line++)
                    Place(read, line, values.Slice(line * BytesPerRow, BytesPerRow), rowScales.Slice(line * BlocksPerRow, BlocksPerRow), rowZeros.Slice(line * ZeroBytesPerRow, ZeroBytesPerRow));
            }
            else stored.Read(row, values, rowScales, rowZeros, default);
            into.WriteAt(row * BytesPerRow, values);
        }, cancellationToken);
        into.Skip(ValueBytes);
    }

    /// <summary>
    /// A row with what its minima are. Of a minimum goes into the zero point what fits: rounded activations are then multiplied with numbers around zero, which keeps their errors small.
    /// What is left, at most half a scale, is rounded to 8 bits beside that of its neighbours.
    /// </summary>
    private void Place(StoredRows stored, int line, Span<byte> values, Span<float> scales, Span<byte> zeros)
    {
        stored.Values(line).CopyTo(values);
        stored.Scales(line).CopyTo(scales);
        var left = stored.Minima(line);
        for (var block = 0; block < BlocksPerRow; block++)
        {
            var zero = 1 << Bits - 1;
            if (block < _own)
            {
                zero = scales[block] == 0 ? 0 : (int)Math.Clamp(MathF.Round(-left[block] / scales[block]), 0, (1 << Bits) - 1);
                left[block] += zero * scales[block];
            }
            if (Bits == 8) zeros[block] = (byte)zero;
            else zeros[block / 2] |= (byte)(zero << block % 2 * 4);
        }
        var sums = Block * _own / SumColumns; // of blocks of inputs, in one block of columns
        for (var block = _own; block < BlocksPerRow; block++, left = left[Math.Min(sums, left.Length)..])
            scales[block] = Sums(left[..Math.Min(sums, left.Length)], values.Slice(block * Block * Bits / 8, Block * Bits / 8));
    }

    /// <summary>A block of numbers that sums are multiplied with; gives its scale.</summary>
    private float Sums(ReadOnlySpan<float> minima, Span<byte> values)
    {
        var most = Math.Abs(TensorPrimitives.MaxMagnitude(minima));
        if (Bits == 8)
        {
            var step = most / 127;
            for (var i = 0; i < values.Length; i++) values[i] = (byte)(128 + (i < minima.Length && step > 0 ? (int)MathF.Round(minima[i] / step) : 0));
            return step;
        }
        var fine = most / 119; // the largest number of two digits is 7 × 16 + 7
        for (var i = 0; i < values.Length; i++)
        {
            var digits = i < minima.Length && fine > 0 ? (int)MathF.Round(minima[i] / fine) : 0;
            var high = digits + 8 >> 4;
            values[i] = (byte)(8 + high | 8 + digits - 16 * high << 4);
        }
        return fine * 16;
    }

    /// <summary>Some rows as the checkpoint holds them.</summary>
    private sealed class StoredRows(BlockWeights stored, int most)
    {
        private readonly byte[] _values = new byte[most * stored.BytesPerRow], _zeros = new byte[most * stored.ZeroBytesPerRow];
        private readonly float[] _scales = new float[most * stored.BlocksPerRow], _minima = new float[most * stored.BlocksPerRow];

        public void Read(long row, int count) => stored.Read(row, _values.AsSpan(0, count * stored.BytesPerRow), _scales.AsSpan(0, count * stored.BlocksPerRow),
            _zeros.AsSpan(0, count * stored.ZeroBytesPerRow), _minima.AsSpan(0, count * stored.BlocksPerRow));

        public ReadOnlySpan<byte> Values(int line) => _values.AsSpan(line * stored.BytesPerRow, stored.BytesPerRow);

        public ReadOnlySpan<float> Scales(int line) => _scales.AsSpan(line * stored.BlocksPerRow, stored.BlocksPerRow);

        public Span<float> Minima(int line) => _minima.AsSpan(line * stored.BlocksPerRow, stored.BlocksPerRow);
    }

    private void Round(long row, Span<float> rows, Span<byte> values, float[] scales, byte[] zeros)
    {
        if (!TensorPrimitives.IsFiniteAll<float>(rows)) throw new ModelRefusedException($"{OnnxReader.Shown(_source.Names.FirstOrDefault() ?? "a matrix")} holds what is no number: the weights are damaged, fetch the model again.");
        var lines = rows.Length / _source.Width;
        if (Bits == 8) RoundToEight(rows, values, scales.AsSpan((int)(row * BlocksPerRow), lines * BlocksPerRow));
        else if (_source.Width % Block == 0) RoundToFour(row, lines, rows, values, scales, zeros);
        else
        {
            var filled = new float[BlocksPerRow * Block];
            for (var line = 0; line < lines; line++)
            {
                rows.Slice(line * _source.Width, _source.Width).CopyTo(filled);
                RoundToFour(row + line, 1, filled, values.Slice(line * BytesPerRow, BytesPerRow), scales, zeros);
            }
        }
    }

    private void RoundToFour(long row, int lines, ReadOnlySpan<float> rows, Span<byte> values, float[] scales, byte[] zeros)
    {
        var each = ArrayPool<byte>.Shared.Rent(lines * BlocksPerRow);
        BlockQuantizer.Four(rows, values, scales.AsSpan((int)(row * BlocksPerRow), lines * BlocksPerRow), each.AsSpan(0, lines * BlocksPerRow));
        for (var line = 0; line < lines; line++)
            Packing.Pack(each.AsSpan(line * BlocksPerRow, BlocksPerRow), 4, zeros.AsSpan((int)((row + line) * ZeroBytesPerRow), ZeroBytesPerRow));
        ArrayPool<byte>.Shared.Return(each);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RoundToEight(ReadOnlySpan<float> rows, Span<byte> values, Span<float> scales)
    {
        var (block, width) = (Block, _source.Width);
        for (var line = 0; scales.Length > 0; line++)
            for (var left = rows.Slice(line * width, width); left.Length > 0; scales = scales[1..], values = values[block..])
            {
                var count = Math.Min(block, left.Length);
                BlockQuantizer.Eight(left[..count], values[..block], out scales[0]);
                left = left[count..];
            }
    }
}
