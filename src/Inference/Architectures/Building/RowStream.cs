using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Reads the rows of a matrix piece by piece on all cores, each of which turns its piece into bytes and writes it to its place.</summary>
internal static class RowStream
{
    /// <summary>Small enough that a piece stays in a core's cache between its steps.</summary>
    private const int PieceNumbers = 1 << 16;

    /// <summary>Turns rows of a matrix into bytes.</summary>
    /// <param name="row">Number of the first.</param>
    public delegate void Packer(long row, Span<float> rows, Span<byte> into);

    public static void Write(ICheckpoint checkpoint, WeightSource source, PartOutput into, int bytesPerRow, Packer pack, CancellationToken cancellationToken)
    {
        var rows = (int)Math.Clamp(PieceNumbers / source.Width, 1, Math.Max(1, source.Rows));
        Lanes.Run((source.Rows + rows - 1) / rows, () => (Numbers: new float[rows * source.Width], Bytes: new byte[rows * bytesPerRow]), (piece, own) =>
        {
            var (row, count) = (piece * rows, (int)Math.Min(rows, source.Rows - piece * rows));
            var numbers = own.Numbers.AsSpan(0, count * source.Width);
            var bytes = own.Bytes.AsSpan(0, count * bytesPerRow);
            source.Read(checkpoint, row, numbers);
            pack(row, numbers, bytes);
            into.WriteAt(row * bytesPerRow, bytes);
        }, cancellationToken);
        into.Skip(source.Rows * bytesPerRow);
    }

    /// <summary>As float32 or float16.</summary>
    public static void WriteReals(ICheckpoint checkpoint, WeightSource source, PartOutput into, OnnxType type, CancellationToken cancellationToken)
    {
        if (type == OnnxType.Half) Write(checkpoint, source, into, source.Width * 2, (_, rows, bytes) => TensorPrimitives.ConvertToHalf(rows, MemoryMarshal.Cast<byte, Half>(bytes)), cancellationToken);
        else Write(checkpoint, source, into, source.Width * sizeof(float), (_, rows, bytes) => MemoryMarshal.AsBytes(rows).CopyTo(bytes), cancellationToken);
    }
}
