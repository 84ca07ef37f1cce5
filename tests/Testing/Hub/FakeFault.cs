using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ModelAtlas.Testing.Hub;

/// <summary>Spoils an answer: writes something else instead of it, or only a part of it.</summary>
public delegate Task FakeFault(HttpContext context, FakeAnswer answer);

public static class FakeFaults
{
    public static FakeFault Answer(FakeAnswer instead) => (context, _) => FakeHub.WriteAsync(context, instead);

    public static FakeFault Status(int status, params (string Name, string Value)[] headers) =>
        Answer(FakeAnswer.Json(status, "{}") with { Headers = headers.ToDictionary(header => header.Name, header => header.Value) });

    /// <summary>200 with something that is no list.</summary>
    public static FakeFault Body(string body, string contentType = "application/json; charset=utf-8") =>
        Answer(new(200, Encoding.UTF8.GetBytes(body), contentType));

    public static FakeFault Rewrite(Func<string, string> body) =>
        (context, answer) => FakeHub.WriteAsync(context, answer with { Body = Encoding.UTF8.GetBytes(body(Encoding.UTF8.GetString(answer.Body))) });

    public static FakeFault Link(string link) => (context, answer) =>
    {
        answer.Headers["Link"] = link;
        return FakeHub.WriteAsync(context, answer);
    };

    public static FakeFault Redirect(string location, int status = 307) => Answer(FakeAnswer.Redirect(location, status));

    public static FakeFault Reset { get; } = (context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Half of the promised length, then nothing.</summary>
    public static FakeFault CutLength { get; } = (context, answer) => CutAsync(context, answer, answer.Body.Length);

    /// <summary>Half, in chunks, without the last one.</summary>
    public static FakeFault CutChunks { get; } = (context, answer) => CutAsync(context, answer, null);

    /// <summary>Half a gzip stream under a length that fits: HTTP sees nothing wrong with it.</summary>
    public static FakeFault CutGzip { get; } = async (context, answer) =>
    {
        var packed = FakeHub.Gzip(answer.Body);
        FakeHub.WriteHead(context, answer);
        context.Response.Headers.ContentEncoding = "gzip";
        context.Response.ContentLength = packed.Length / 2;
        await context.Response.Body.WriteAsync(packed.AsMemory(0, packed.Length / 2));
    };

    /// <summary>One bit is another.</summary>
    public static FakeFault Flip { get; } = (context, answer) =>
    {
        byte[] body = [.. answer.Body];
        body[body.Length / 2] ^= 4;
        return FakeHub.WriteAsync(context, answer with { Body = body });
    };

    /// <summary>The whole body, then as much again and more, with no length given.</summary>
    public static FakeFault Overlong { get; } = async (context, answer) =>
    {
        FakeHub.WriteHead(context, answer);
        for (var times = 0; times < 1000; times++) await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    };

    public static FakeFault Header(string name, string value) => (context, answer) =>
    {
        answer.Headers[name] = value;
        return FakeHub.WriteAsync(context, answer);
    };

    public static FakeFault Drip(TimeSpan pause) => async (context, answer) =>
    {
        FakeHub.WriteHead(context, answer);
        foreach (var one in answer.Body)
        {
            await context.Response.Body.WriteAsync(new[] { one }, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }
    };

    public static FakeFault Silence { get; } = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    /// <summary>A few megabytes on the wire that unpack to <paramref name="decoded"/> bytes.</summary>
    public static FakeFault Bomb(long decoded) => async (context, answer) =>
    {
        FakeHub.WriteHead(context, answer);
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        var block = new byte[1 << 20];
        block.AsSpan().Fill((byte)' ');
        for (var sent = 0L; sent < decoded; sent += block.Length) await gzip.WriteAsync(block, context.RequestAborted);
    };

    public static FakeFault Plain(long bytes) => async (context, answer) =>
    {
        FakeHub.WriteHead(context, answer);
        var block = new byte[1 << 20];
        block.AsSpan().Fill((byte)' ');
        for (var sent = 0L; sent < bytes; sent += block.Length) await context.Response.Body.WriteAsync(block, context.RequestAborted);
    };

    private static async Task CutAsync(HttpContext context, FakeAnswer answer, long? length)
    {
        FakeHub.WriteHead(context, answer);
        context.Response.ContentLength = length;
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
