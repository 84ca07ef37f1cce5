namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>The blocks of a GGUF tensor in the layout of MatMulNBits.</summary>
internal sealed class GgufBlockWeights(GgufTensor tensor, GgufPlace place, long rows, long linesInRow)
    : BlockWeights(tensor.Format.Bits, tensor.Format.Group, rows * linesInRow, tensor.Shape[^1])
{
    private readonly GgufFormat _format = tensor.Format;

    public override bool HasZeroPoints => _format.HasMinima;
    public override bool HasMinima => _format.HasMinima;

    public override void Read(long row, Span<byte> values, Span<float> scales, Span<byte> zeroPoints, Span<float> minima)
    {
        var stored = (int)(Columns / _format.Count);
        var bytes = new byte[stored * _format.Bytes];
        Span<byte> unpacked = stackalloc byte[256];
        Span<float> own = stackalloc float[16];
        Span<float> least = stackalloc float[16];
        var groups = _format.Count / _format.Group;
        for (var line = 0; line < values.Length / BytesPerRow; line++)
        {
            var (logical, within) = Math.DivRem(row + line, linesInRow);
            GgufFile.Read(tensor, (place.Of(logical) * linesInRow + within) * bytes.Length, bytes);
            for (var i = 0; i < stored; i++)
            {
                GgufBlocks.Unpack(_format.Type, bytes.AsSpan(i * _format.Bytes, _format.Bytes), unpacked, own, least);
                Packing.Pack(unpacked[.._format.Count], Bits, values.Slice(line * BytesPerRow + i * _format.Count * Bits / 8, _format.Count * Bits / 8));
                own[..groups].CopyTo(scales[(line * BlocksPerRow + i * groups)..]);
                if (HasMinima) least[..groups].CopyTo(minima[(line * BlocksPerRow + i * groups)..]);
            }
        }
        if (HasZeroPoints) zeroPoints.Clear();
    }
}
