using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <param name="MaxBytes">Of the decoded body.</param>
/// <param name="MinimumRate">Bytes per second on the wire, judged after <paramref name="Grace"/>.</param>
internal sealed record BodyLimits(int MaxBytes, int MinimumRate, TimeSpan Grace);

/// <summary>
/// Reads a body to its end and tells whether it is whole. HttpClient reports some cut bodies as complete: a gzip stream that ends early under a matching length, and a
/// body that only the closing of the connection ends. So gzip is decoded here and its trailer checked, and a body whose end nothing marks is for the caller to judge.
/// </summary>
internal static class HubBodyReader
{
    public static async Task<(HubBody? Body, BodyFault Fault)> ReadAsync(HttpContent content, BodyLimits limits, CancellationToken cancellationToken)
    {
        string[] encodings = [.. content.Headers.ContentEncoding];
        var gzip = encodings is ["gzip"] or ["x-gzip"];
        if (!gzip && encodings is not ([] or ["identity"])) return (null, BodyFault.Encoding);
        if (content.Headers.ContentLength > limits.MaxBytes) return (null, BodyFault.TooLarge);

        await using var wire = new WireStream(await content.ReadAsStreamAsync(cancellationToken), limits.MaxBytes);
        await using var source = gzip ? new GZipStream(wire, CompressionMode.Decompress) : (Stream)wire;
        var (body, fault) = await FillAsync(source, wire, limits, cancellationToken);
        if (body is null || !gzip || await EndsRightAsync(wire, body, cancellationToken)) return (body, fault);
        body.Dispose();
        return (null, BodyFault.Cut);
    }

    private static async Task<(HubBody?, BodyFault)> FillAsync(Stream source, WireStream wire, BodyLimits limits, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length) buffer = Grown(buffer);
                var read = await source.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                {
                    var body = new HubBody(buffer, length);
                    buffer = null;
                    return (body, BodyFault.None);
                }
                length += read;
                if (length > limits.MaxBytes || wire.Overflowed) return (null, BodyFault.TooLarge);
                var elapsed = Stopwatch.GetElapsedTime(started);
                if (elapsed > limits.Grace && wire.Count < elapsed.TotalSeconds * limits.MinimumRate) return (null, BodyFault.TooSlow);
            }
        }
        catch (InvalidDataException)
        {
            return (null, BodyFault.Cut);
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grown(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    /// <summary>A gzip stream ends with the CRC-32 and the length of what was packed.</summary>
    private static async Task<bool> EndsRightAsync(WireStream wire, HubBody body, CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        while (await wire.ReadAsync(rest, cancellationToken) > 0)
        {
        }
        if (wire.Overflowed || wire.Count < 18) return false;
        var (crc, size) = wire.Trailer();
        return crc == Crc32.HashToUInt32(body.Bytes.Span) && size == (uint)body.Bytes.Length;
    }
}
