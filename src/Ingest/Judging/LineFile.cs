using System.Buffers;
using System.IO.Compression;

namespace ModelAtlas.Ingest.Judging;

/// <summary>A line of a file, with its number for messages.</summary>
internal readonly record struct FileLine(string File, long Number, byte[] Bytes, bool TooLong);

/// <summary>Streams the lines of a file; gzip is seen by its first bytes, not by the name.</summary>
internal static class LineFile
{
    private const int LongestLine = 64 * 1024 * 1024;
    private const int BlockSize = 256 * 1024;

    public static IEnumerable<FileLine> Read(string path)
    {
        foreach (var block in Blocks(path))
        {
            if (block.IsTooLong) yield return new(path, block.Before + 1, [], true);
            var (at, number) = (0, block.Before);
            while (block.Next(ref at, ref number, out var line)) yield return new(path, number, line.ToArray(), false);
            block.Return();
        }
    }

    /// <summary>All lines in order, many at a time. Whoever takes a block returns it.</summary>
    public static IEnumerable<LineBlock> Blocks(string path)
    {
        using var stream = Open(path);
        var buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        var (held, number, atEnd) = (0, 0L, false);
        while (!atEnd)
        {
            var room = buffer.Length - held;
            var read = stream.ReadAtLeast(buffer.AsSpan(held), room, throwOnEndOfStream: false);
            atEnd = read < room;
            held += read;
            var whole = atEnd ? held : buffer.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
            if (whole == 0 && !atEnd)
            {
                if (buffer.Length < LongestLine)
                {
                    buffer = Moved(buffer, 0, held, returned: true);
                    continue;
                }
                yield return LineBlock.TooLong(path, number++);
                (held, atEnd) = SkipLine(stream, buffer);
                continue;
            }
            var next = Moved(buffer, whole, held - whole, returned: false);
            var lines = buffer.AsSpan(0, whole).Count((byte)'\n');
            yield return new(path, number, buffer, whole);
            number += lines;
            (buffer, held) = (next, held - whole);
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockSize, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[2];
        var gzipped = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        return gzipped ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The bytes from <paramref name="start"/> on, at the beginning of a buffer with room for as many again.</summary>
    private static byte[] Moved(byte[] buffer, int start, int count, bool returned)
    {
        var moved = ArrayPool<byte>.Shared.Rent(Math.Max(BlockSize, count * 2));
        buffer.AsSpan(start, count).CopyTo(moved);
        if (returned) ArrayPool<byte>.Shared.Return(buffer);
        return moved;
    }

    /// <summary>Reads up to the next line end and keeps what follows it.</summary>
    private static (int Held, bool AtEnd) SkipLine(Stream stream, byte[] buffer)
    {
        while (stream.Read(buffer) is > 0 and var read)
        {
            var end = buffer.AsSpan(0, read).IndexOf((byte)'\n');
            if (end < 0) continue;
            buffer.AsSpan(end + 1, read - end - 1).CopyTo(buffer);
            return (read - end - 1, false);
        }
        return (0, true);
    }
}
