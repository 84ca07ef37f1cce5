using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>A matrix in blocks as it lies in the file of weights: values of all rows, then scales, zero points and minima, which are small and wait in memory until then.</summary>
internal sealed class BlockPart
{
    private readonly WeightSource _source;
    private readonly BlockWeights? _stored;

    private BlockPart(WeightSource source, BlockWeights? stored, int bits, int block, bool zeros)
    {
        (_source, _stored, Bits, Block, HasZeroPoints) = (source, stored, bits, block, zeros);
        HasMinima = stored?.HasMinima == true;
        BlocksPerRow = (source.Width + block - 1) / block;
        BytesPerRow = BlocksPerRow * (block * bits / 8);
        ZeroBytesPerRow = (BlocksPerRow * bits + 7) / 8;
    }

    public int Bits { get; }
    public int Block { get; }
    public bool HasZeroPoints { get; }
    public bool HasMinima { get; }
    public int BlocksPerRow { get; }
    public int BytesPerRow { get; }
    public int ZeroBytesPerRow { get; }
    public IReadOnlyList<int>? Order => _stored?.Order;
    public long ValueBytes => _source.Rows * BytesPerRow;
    public long ScaleBytes => _source.Rows * BlocksPerRow * sizeof(float);
    public long MinimumBytes => HasMinima ? ScaleBytes : 0;
    public long ZeroBytes => HasZeroPoints ? _source.Rows * ZeroBytesPerRow : 0;
    public long Length => ValueBytes + ScaleBytes + MinimumBytes + ZeroBytes;

    /// <summary>The blocks that the checkpoint holds.</summary>
    public static BlockPart Carried(WeightSource source, BlockWeights stored) => new(source, stored, stored.Bits, stored.BlockSize, stored.HasZeroPoints);

    /// <summary>Four bits with a zero point, in blocks of 32; eight without.</summary>
    public static BlockPart Rounded(WeightSource source, int bits, int block) => new(source, null, bits, block, bits == 4);

    public void Write(ICheckpoint checkpoint, PartOutput into, CancellationToken cancellationToken)
    {
        var scales = new float[_source.Rows * BlocksPerRow];
        var (minima, zeros) = (new float[HasMinima ? scales.Length : 0], new byte[ZeroBytes]);
        if (_stored is { } stored) Copy(stored, into, scales, zeros, minima, cancellationToken);
        else RowStream.Write(checkpoint, _source, into, BytesPerRow, (row, rows, values) => Round(row, rows, values, scales, zeros), cancellationToken);
        into.Write(MemoryMarshal.AsBytes<float>(scales));
        into.Write(MemoryMarshal.AsBytes<float>(minima));
        into.Write(zeros);
    }

    private void Copy(BlockWeights stored, PartOutput into, float[] scales, byte[] zeros, float[] minima, CancellationToken cancellationToken)
    {
        var rows = (int)Math.Clamp((1 << 18) / BytesPerRow, 1, Math.Max(1, _source.Rows));
        Lanes.Run((_source.Rows + rows - 1) / rows, () => new byte[rows * BytesPerRow], (piece, own) =>
        {
            var (row, count) = (piece * rows, (int)Math.Min(rows, _source.Rows - piece * rows));
            var (at, blocks) = ((int)(row * BlocksPerRow), count * BlocksPerRow);
            var values = own.AsSpan(0, count * BytesPerRow);
            var rowZeros = HasZeroPoints ? zeros.AsSpan((int)(row * ZeroBytesPerRow), count * ZeroBytesPerRow) : default;
            stored.Read(row, values, scales.AsSpan(at, blocks), rowZeros, HasMinima ? minima.AsSpan(at, blocks) : default);
            for (var i = 0; HasMinima && i < count; i++) Center(scales, rowZeros.Slice(i * ZeroBytesPerRow, ZeroBytesPerRow), minima, (row + i) * BlocksPerRow);
            into.WriteAt(row * BytesPerRow, values);
        }, cancellationToken);
        into.Skip(ValueBytes);
    }

    /// <summary>Moves of a minimum into the zero point what fits: rounded activations are then multiplied with numbers around zero, which keeps their errors small.</summary>
    private void Center(float[] scales, Span<byte> zeros, float[] minima, long first)
    {
        for (var block = 0; block < BlocksPerRow; block++)
        {
            var scale = scales[first + block];
            if (scale == 0) continue;
            var zero = (int)Math.Clamp(MathF.Round(-minima[first + block] / scale), 0, (1 << Bits) - 1);
            minima[first + block] += zero * scale;
            if (Bits == 8) zeros[block] = (byte)zero;
            else zeros[block / 2] |= (byte)(zero << block % 2 * 4);
        }
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
