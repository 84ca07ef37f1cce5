using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModelAtlas.Web.Tests.Webhooks;

/// <summary>A host on this machine that is told of changes, and keeps what it was told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Told> _told = new();
    private int _elsewhere;

    private Receiver(WebApplication app) => _app = app;

    public string Url => $"{_app.Urls.First()}/hook?token=canary-in-the-address";

    public IReadOnlyList<Told> Told => [.. _told];

    /// <summary>Requests to where it would have been sent on.</summary>
    public int Elsewhere => _elsewhere;

    public int Status { get; set; } = 204;

    /// <summary>Hears it and says nothing.</summary>
    public bool IsSilent { get; set; }

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new Receiver(builder.Build());
        receiver._app.MapPost("/hook", receiver.HearAsync);
        receiver._app.Map("/elsewhere", () => Interlocked.Increment(ref receiver._elsewhere));
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HearAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _told.Enqueue(new(body.ToArray(), context.Request.Headers["X-ModelAtlas-Signature"].ToString(), context.Request.Headers.Cookie.Count + context.Request.Headers.Authorization.Count));
        if (IsSilent) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Response.StatusCode = Status;
        if (Status is >= 300 and < 400) context.Response.Headers.Location = "/elsewhere";
    }
}

/// <param name="Credentials">Headers that say who sends it.</param>
internal sealed record Told(byte[] Body, string Signature, int Credentials);
