using System.Diagnostics;
using System.Net;
using System.Runtime;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Bench.Catalog;

/// <summary>The real site over the rows: whole pages, bytes, and how many kept pages a second against a plain text from the same server.</summary>
internal static partial class SiteRun
{
    private const string Text = "/bench/text";

    public static async Task RunAsync(string connectionString, IReadOnlyList<Question> questions, Report report)
    {
        await using var app = AtlasHost.Build(connectionString, [AtlasRole.Site], ["--urls=http://127.0.0.1:0"]);
        app.MapGet(Text, () => TypedResults.Text("ok"));
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        while (app.Services.GetRequiredService<CatalogIndex>().Current is null) await Task.Delay(100);
        using var client = Client(address);

        report.Add("whole page, index + rows + rendering", "p95 ≤ 15 ms", (await PagesAsync(questions, "none", (paths, add) => Render(app, paths, add))).ToString());
        report.Add("the same through the whole site, sent over HTTP", "", (await PagesAsync(questions, "identity", (paths, add) => PlainClient.Ask(address, paths, "identity", add))).ToString());
        report.Add("the same, compressed", "", (await PagesAsync(questions, "br", (paths, add) => PlainClient.Ask(address, paths, "br", add))).ToString());
        await RowsAsync(app.Services, questions, report);
        await BytesAsync(client, report);
        var page = await RateAsync(address, CatalogUrl.Page);
        var text = await RateAsync(address, Text);
        report.Add("requests a second of a kept page against a plain text", "≥ 0.4 ×", $"{page:N0}/s of {text:N0}/s, {page / text:0.00} ×");
        await app.StopAsync();
    }

    private static HttpClient Client(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None }, disposeHandler: true) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        return client;
    }

    /// <summary>CPU time of the site for each page. Each is asked for under an address of its own, so none comes from the cache.</summary>
    private static async Task<Figures> PagesAsync(IReadOnlyList<Question> questions, string name, Action<IEnumerable<string>, Action<double>> ask)
    {
        const int MostRounds = 40;
        var paths = questions.Select(question => CatalogUrl.Write(question.View)).Distinct().ToList();
        var figures = new Figures();
        for (var round = 1; round <= MostRounds; round++)
        {
            figures = new Figures();
            var mark = $"ref={name}{round}";
            var (allocated, pauses, compiled, began) = (GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration(), JitInfo.GetCompilationTime(), CpuClock.ProcessMilliseconds);
            await Task.Factory.StartNew(
                () => ask(paths.Select(path => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{mark}"), figures.Add),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            // A site that runs for a day has compiled everything to the end: so the last round is one in which next to nothing was compiled.
            var compiling = (JitInfo.GetCompilationTime() - compiled).TotalMilliseconds / (CpuClock.ProcessMilliseconds - began);
            Report.Detail($"  round {round}: {figures}, {100 * compiling:0.0} % of it compiling; a page allocates {(GC.GetTotalAllocatedBytes() - allocated) / 1000 / paths.Count:N0} kB, and the collector stops it for {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds / paths.Count:0.00} ms");
            if (compiling < 0.01) break;
        }
        return figures;
    }

    /// <summary>The page alone, as the site's endpoint writes it into memory: no server, no cache.</summary>
    private static void Render(WebApplication app, IEnumerable<string> paths, Action<double> rendered)
    {
        var endpoint = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().First(endpoint => endpoint.RoutePattern.RawText == CatalogUrl.Page);
        using var body = new MemoryStream(1 << 20);
        foreach (var path in paths)
        {
            var start = CpuClock.ProcessMilliseconds - CpuClock.ThreadMilliseconds;
            using var scope = app.Services.CreateScope();
            body.SetLength(0);
            var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { Method = "GET", Scheme = "http", Host = new("localhost"), Path = CatalogUrl.Page, QueryString = new(path[path.IndexOf('?', StringComparison.Ordinal)..]) }, Response = { Body = body } };
            context.SetEndpoint(endpoint);
            Task.Run(() => endpoint.RequestDelegate?.Invoke(context) ?? Task.CompletedTask).GetAwaiter().GetResult();
            rendered(CpuClock.ProcessMilliseconds - CpuClock.ThreadMilliseconds - start);
            if (context.Response.StatusCode != 200 || !body.GetBuffer().AsSpan(0, (int)body.Length).TrimEnd("\r\n"u8).EndsWith("</html>"u8)) throw new InvalidOperationException($"{path} was answered with {context.Response.StatusCode} and {body.Length} bytes that end nowhere.");
        }
    }

    private static async Task RowsAsync(IServiceProvider services, IReadOnlyList<Question> questions, Report report)
    {
        var (figures, catalog) = (new Figures(), services.GetRequiredService<CatalogReader>());
        foreach (var question in questions)
        {
            var start = CpuClock.ProcessMilliseconds;
            await catalog.ListAsync(question.View, CancellationToken.None);
            figures.Add(CpuClock.ProcessMilliseconds - start);
        }
        report.Add("of that, the page's ids and rows without facets", "", figures.ToString());
    }

    private static async Task BytesAsync(HttpClient client, Report report)
    {
        var page = await client.GetByteArrayAsync(new Uri(CatalogUrl.Page, UriKind.Relative));
        await using var unpacked = new System.IO.Compression.BrotliStream(new MemoryStream(page), System.IO.Compression.CompressionMode.Decompress);
        var html = await new StreamReader(unpacked).ReadToEndAsync();
        long first = page.Length;
        foreach (var path in Resources().Matches(html).Select(found => WebUtility.HtmlDecode(found.Groups[1].Value)).Distinct())
        {
            var bytes = (await client.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
            Report.Detail($"  {path}: {bytes:N0} bytes");
            first += bytes;
        }
        report.Add("circuits of one who browses", "0", html.Contains("_framework/blazor", StringComparison.Ordinal) ? "1" : "0: the page loads no script that opens one");
        report.Add("bytes to the browser, first visit / next", "≤ 150 / ≤ 20 kB", $"{first / 1000.0:0.0} / {page.Length / 1000.0:0.0} kB (HTML {html.Length / 1000.0:0.0} kB before compression)");
    }

    private static async Task<double> RateAsync(Uri address, string path)
    {
        const int Connections = 16;
        await LoadAsync(address, path, Connections, TimeSpan.FromSeconds(2));
        var clock = Stopwatch.StartNew();
        var answered = await LoadAsync(address, path, Connections, TimeSpan.FromSeconds(5));
        return answered / clock.Elapsed.TotalSeconds;
    }

    private static async Task<long> LoadAsync(Uri address, string path, int connections, TimeSpan time)
    {
        using var end = new CancellationTokenSource(time);
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => PlainClient.AskUntilAsync(address, path, end.Token))));
        return counts.Sum();
    }

    [GeneratedRegex("""<(?:link[^>]*(?:stylesheet|preload|icon)|script)[^>]*?(?:href|src)="(/[^"]+)""")]
    private static partial Regex Resources();
}
