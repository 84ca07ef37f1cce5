using System.Buffers;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>A tensor of a GGUF file under the name, in the order of rows and with the offset that the Hub's form has.</summary>
internal sealed class GgufWeight(GgufTensor tensor, IReadOnlyList<long> shape, GgufPlace place) : Weight(shape, tensor.Format.Type)
{
    private readonly GgufFormat _format = tensor.Format;

    /// <summary>Bytes of a row as it is read: one index of the first dimension.</summary>
    private long RowBytes => RowLength / _format.Count * _format.Bytes;

    public override FileRange? Raw =>
        Type is StoredType.F32 or StoredType.F16 or StoredType.BF16 && place.IsPlain ? new(tensor.File.Path, tensor.Offset + place.FirstRow * RowBytes, Rows * RowBytes) : null;

    public override BlockWeights? Blocks => _format.Bits > 0 && Shape.Count is 2 or 3 && place.Added == 0
        ? new GgufBlockWeights(tensor, place, Rows, RowLength / tensor.Shape[^1])
        : null;

    protected override void Decode(long row, int count, Span<float> rows)
    {
        var (unit, bytes) = (Math.Max(1, (1 << 16) / (int)Math.Min(RowBytes, 1 << 16)), ArrayPool<byte>.Shared.Rent(1 << 16));
        try
        {
            for (var done = 0; done < count;)
            {
                // Rows that follow each other in the file are read together.
                var run = 1;
                while (run < unit && done + run < count && place.Of(row + done + run) == place.Of(row + done) + run) run++;
                Numbers(place.Of(row + done) * RowBytes, bytes, rows.Slice((int)(done * RowLength), (int)(run * RowLength)));
                done += run;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
        if (place.Added != 0)
            for (var i = 0; i < rows.Length; i++) rows[i] += place.Added;
    }

    private void Numbers(long at, byte[] bytes, Span<float> numbers)
    {
        var most = (1 << 16) / _format.Bytes;
        while (numbers.Length > 0)
        {
            var blocks = Math.Min(most, numbers.Length / _format.Count);
            var piece = bytes.AsSpan(0, blocks * _format.Bytes);
            GgufFile.Read(tensor, at, piece);
            if (_format.Bits == 0) StoredNumbers.Convert(Type, piece, numbers[..blocks]);
            else Multiply(piece, numbers[..(blocks * _format.Count)]);
            numbers = numbers[(blocks * _format.Count)..];
            at += piece.Length;
        }
    }

    private void Multiply(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        Span<byte> values = stackalloc byte[256];
        Span<float> scales = stackalloc float[16];
        Span<float> minima = stackalloc float[16];
        for (var i = 0; i < numbers.Length; i += _format.Count)
        {
            GgufBlocks.Unpack(Type, blocks.Slice(i / _format.Count * _format.Bytes, _format.Bytes), values, scales, minima);
            for (var group = 0; group < _format.Count / _format.Group; group++)
            {
                var (from, length) = (group * _format.Group, _format.Group);
                Packing.Multiply(values.Slice(from, length), scales[group], _format.Zero, _format.HasMinima ? minima[group] : null, numbers.Slice(i + from, length));
            }
        }
    }
}
