using System.Buffers;
using System.IO.Compression;

namespace ModelAtlas.Ingest.Judging;

/// <summary>A line of a file, with its number for messages.</summary>
internal readonly record struct FileLine(string File, long Number, byte[] Bytes, bool TooLong);

/// <summary>Streams the JSON objects of a file: one a line, or the elements of one array, or a single object over several lines; gzip is seen by its first bytes, not by the name.</summary>
internal static class LineFile
{
    private const int LongestLine = 64 * 1024 * 1024;
    private const int BufferSize = 256 * 1024;

    public static IEnumerable<FileLine> Read(string path)
    {
        using var stream = Open(path);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var line = new ArrayBufferWriter<byte>(16 * 1024);
        long number = 0;
        var tooLong = false;
        try
        {
            while (stream.Read(buffer, 0, BufferSize) is > 0 and var read)
            {
                for (var start = 0; start < read;)
                {
                    var end = buffer.AsSpan(start, read - start).IndexOf((byte)'\n');
                    var length = end < 0 ? read - start : end;
                    if (line.WrittenCount + length > LongestLine) tooLong = true;
                    else if (!tooLong) line.Write(buffer.AsSpan(start, length));
                    start += length + 1;
                    if (end < 0) continue;
                    if (Take(path, ++number, line, ref tooLong) is { } whole) yield return whole;
                }
            }
            if (Take(path, ++number, line, ref tooLong) is { } last) yield return last;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[2];
        var gzipped = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        return gzipped ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static FileLine? Take(string path, long number, ArrayBufferWriter<byte> line, ref bool tooLong)
    {
        var bytes = line.WrittenSpan.Trim(" \t\r"u8);
        var taken = tooLong || bytes.Length > 0 ? new FileLine(path, number, tooLong ? [] : bytes.ToArray(), tooLong) : (FileLine?)null;
        line.ResetWrittenCount();
        tooLong = false;
        return taken;
    }
}
