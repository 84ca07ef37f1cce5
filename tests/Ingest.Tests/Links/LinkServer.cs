using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;
using ModelAtlas.Ingest.Links;

namespace ModelAtlas.Ingest.Tests.Links;

/// <summary>A host that a card may name, on 127.0.0.1, and a canary beside it on ::1 and 127.0.0.2 that nobody may ever reach.</summary>
internal sealed class LinkServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _canary;

    private LinkServer(WebApplication app) => _app = app;

    public int CanaryCalls => _canary;

    public int Port { get; private set; }

    public int CanaryPort { get; private set; }

    public string Origin => $"http://127.0.0.1:{Port}";

    public static async Task<LinkServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Parse("127.0.0.2"), 0);
        });
        var server = new LinkServer(builder.Build());
        server.Answer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        var ports = server._app.Urls.Select(url => new Uri(url)).ToDictionary(url => url.Host, url => url.Port);
        (server.Port, server.CanaryPort) = (ports["127.0.0.1"], ports["127.0.0.2"]);
        return server;
    }

    /// <summary>A fetch under the product's policy, but for plain http and, where asked for, for 127.0.0.1 alone.</summary>
    public static GuardedFetch Fetch(bool reachesServer, TimeSpan? deadline = null)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(GuardedFetch.ClientName, GuardedFetch.Introduce).ConfigurePrimaryHttpMessageHandler(() =>
        {
            var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = true };
            if (reachesServer) policy.AddAllowedAddresses(["127.0.0.1/32"]);
            return GuardedFetch.Handler(policy);
        });
        var options = Options.Create(new LinkOptions { Deadline = deadline ?? TimeSpan.FromSeconds(30), LongestText = 64 * 1024 });
        return new(services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>(), options, TimeProvider.System) { Refuse = _ => null };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Answer()
    {
        _app.Use(async (context, next) =>
        {
            if (context.Connection.LocalIpAddress?.Equals(IPAddress.Loopback) == false) Interlocked.Increment(ref _canary);
            await next();
        });
        _app.MapGet("/license", () => Results.Text("Permission is hereby granted"));
        _app.MapGet("/page", () => Results.Content("<p>MIT", "text/html"));
        _app.MapGet("/long", () => Results.Text(new string('a', 100 * 1024)));
        _app.MapGet("/nul", () => Results.Text("a\0b"));
        _app.MapGet("/sent", (string to) => Results.Redirect(to));
        _app.MapGet("/round", () => Results.Redirect("/round"));
        _app.MapGet("/headers", (HttpContext context) => Results.Text(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"))));
        _app.MapGet("/drip", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/plain";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("a", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(100, context.RequestAborted);
            }
        });
        _app.MapFallback(() => Results.NotFound());
    }
}
