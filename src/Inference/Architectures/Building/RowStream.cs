using System.Runtime.InteropServices;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Reads the rows of a matrix piece by piece, several cores at once, and hands them on in order.</summary>
internal static class RowStream
{
    private const int PieceNumbers = 1 << 20;

    /// <summary>Turns rows of a matrix into bytes.</summary>
    /// <param name="row">Number of the first.</param>
    public delegate void Packer(long row, Span<float> rows, Span<byte> into);

    public static void Write(ICheckpoint checkpoint, WeightSource source, Stream into, int bytesPerRow, Packer pack, CancellationToken cancellationToken)
    {
        var (lanes, rows) = (Math.Max(1, Environment.ProcessorCount), Math.Max(1, PieceNumbers / source.Width));
        var numbers = Enumerable.Range(0, lanes).Select(_ => Array.Empty<float>()).ToArray();
        var bytes = Enumerable.Range(0, lanes).Select(_ => Array.Empty<byte>()).ToArray();
        for (long first = 0; first < source.Rows; first += (long)lanes * rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = first;
            int Count(int lane) => (int)Math.Clamp(source.Rows - from - (long)lane * rows, 0, rows);
            Parallel.For(0, lanes, lane =>
            {
                if (Count(lane) is not (> 0 and var count)) return;
                if (numbers[lane].Length < count * source.Width) numbers[lane] = new float[count * source.Width];
                if (bytes[lane].Length < count * bytesPerRow) bytes[lane] = new byte[count * bytesPerRow];
                var read = numbers[lane].AsSpan(0, count * source.Width);
                source.Read(checkpoint, from + (long)lane * rows, read);
                pack(from + (long)lane * rows, read, bytes[lane].AsSpan(0, count * bytesPerRow));
            });
            for (var lane = 0; lane < lanes; lane++) into.Write(bytes[lane], 0, Count(lane) * bytesPerRow);
        }
    }

    public static void WriteFloats(ICheckpoint checkpoint, WeightSource source, Stream into, CancellationToken cancellationToken) =>
        Write(checkpoint, source, into, source.Width * sizeof(float), (_, rows, bytes) => MemoryMarshal.AsBytes(rows).CopyTo(bytes), cancellationToken);
}
