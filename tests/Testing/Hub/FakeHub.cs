using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ModelAtlas.Testing.Hub;

/// <summary>
/// A hub on loopback that answers in the recorded shapes over real HTTP, and fails when told to. Point <c>Atlas__Hub__Endpoint</c> at <see cref="Endpoint"/>.
/// Startable on its own with <c>dotnet run --project tests/FakeHub</c>.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeRequest> _log = new();
    private readonly List<(FakeFault Fault, Func<HttpRequest, bool> When, int Left)> _faults = [];
    private readonly TimeProvider _clock;

    private FakeHub(WebApplication app, TimeProvider clock) => (_app, _clock) = (app, clock);

    public FakeRepos Models { get; } = new();
    public FakeRepos Datasets { get; } = new();

    /// <summary>Unset: no limit and no headers.</summary>
    public FakeLimits? Limits { get; set; }

    /// <summary>The one token that is valid. A request with another one is refused as the hub does.</summary>
    public string? Token { get; set; }

    /// <summary>What <c>/api.json</c> answers, as models.dev does: point <c>Atlas__ModelsDev__Endpoint</c> here as well.</summary>
    public string? ModelsDev { get; set; }

    /// <summary>Address of another hub that large files are handed on to, as the real one does; it serves what <see cref="Models"/> here hold when it is given them.</summary>
    public string? Store { get; set; }

    /// <summary>The repositories whose large files <c>/store/SHA256</c> serves.</summary>
    public FakeRepos? Stored { get; set; }

    public int LargestPage { get; set; } = 1000;
    public string Endpoint => _app.Urls.First();
    public IReadOnlyList<FakeRequest> Log => [.. _log];

    public static async Task<FakeHub> StartAsync(int port = 0, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var hub = new FakeHub(app, clock ?? TimeProvider.System);
        app.Run(hub.ServeAsync);
        await app.StartAsync();
        return hub;
    }

    /// <summary>Spoils the next <paramref name="times"/> answers that <paramref name="when"/> fits; all that come, without it.</summary>
    public void Fail(FakeFault fault, int times = 1, Func<HttpRequest, bool>? when = null)
    {
        lock (_faults) _faults.Add((fault, when ?? (_ => true), times));
    }

    /// <summary>Spoils a share of all answers, now this way, now that.</summary>
    public void FailAtRandom(double share, int seed)
    {
        if (share <= 0) return;
        var random = new Random(seed);
        FakeFault[] faults = [FakeFaults.Status(503), FakeFaults.Status(504), FakeFaults.Status(429), FakeFaults.Reset, FakeFaults.CutLength, FakeFaults.CutChunks, FakeFaults.CutGzip, FakeFaults.Body("{}")];
        Fail((context, answer) => faults[random.Next(faults.Length)](context, answer), int.MaxValue, _ => random.NextDouble() < share);
    }

    public void Heal()
    {
        lock (_faults) _faults.Clear();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var answer = Answer(context.Request);
        var limit = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) ? Limits?.Count() : null;
        if (limit is { Passes: false })
            answer = FakeAnswer.Error(429, "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account.");
        if (limit is { } told) (answer.Headers["ratelimit"], answer.Headers["ratelimit-policy"]) = (told.RateLimit, told.Policy);
        var fault = TakeFault(context.Request);
        Note(context.Request, fault is null ? answer.Status : 0);
        try
        {
            await (fault is null ? WriteAsync(context, answer) : fault(context, answer));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away, as it should on most faults.
        }
    }

    private FakeAnswer Answer(HttpRequest request)
    {
        var bearer = request.Headers.Authorization.ToString();
        if (bearer.Length > 0 && bearer != $"Bearer {Token}") return FakeAnswer.Error(401, "Invalid username or password.");
        var signedIn = bearer.Length > 0;
        var parts = (request.Path.Value ?? "").Trim('/').Split('/');
        var resolve = Array.IndexOf(parts, "resolve");
        if (resolve > 0 && resolve + 2 < parts.Length)
            return FakeDetail.Resolve(Models, request, string.Join('/', parts[..resolve]), parts[resolve + 1], string.Join('/', parts[(resolve + 2)..]), signedIn, Store);
        return parts switch
        {
            ["store", var sha256] when Stored?.FileOf(sha256) is { } file => file.Answer(request, $"xet-{sha256[..8]}"),
            ["api.json"] when ModelsDev is { } list => FakeAnswer.Json(200, list),
            ["api", "models"] => FakeListing.Answer(Models, request, LargestPage),
            ["api", "datasets"] => FakeListing.Answer(Datasets, request, LargestPage),
            ["api", ("models" or "datasets") and var kind, .. var id, "tree", var revision] => FakeDetail.Tree(Of(kind), kind, string.Join('/', id), revision, signedIn),
            ["api", ("models" or "datasets") and var kind, .. var id] => FakeDetail.Info(Of(kind), kind, string.Join('/', id), signedIn),
            ["datasets", .. var id, "raw", var revision, var file] => FakeDetail.Raw(Datasets, string.Join('/', id), revision, file, signedIn),
            [.. var id, "raw", var revision, var file] => FakeDetail.Raw(Models, string.Join('/', id), revision, file, signedIn),
            _ => FakeAnswer.Error(404, "Not found"),
        };
    }

    private FakeRepos Of(string kind) => kind == "models" ? Models : Datasets;

    private FakeFault? TakeFault(HttpRequest request)
    {
        lock (_faults)
        {
            var at = _faults.FindIndex(entry => entry.When(request));
            if (at < 0) return null;
            var (fault, when, left) = _faults[at];
            if (left <= 1) _faults.RemoveAt(at);
            else _faults[at] = (fault, when, left == int.MaxValue ? left : left - 1);
            return fault;
        }
    }

    private void Note(HttpRequest request, int status) => _log.Enqueue(new(
        _clock.GetUtcNow(), request.Path.Value ?? "", request.QueryString.Value ?? "", status,
        request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));

    public static void WriteHead(HttpContext context, FakeAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
    }

    public static async Task WriteAsync(HttpContext context, FakeAnswer answer)
    {
        WriteHead(context, answer);
        var body = answer.Body;
        if (body.Length > 1024 && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            body = Gzip(body);
        }
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    internal static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body);
        return packed.ToArray();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
