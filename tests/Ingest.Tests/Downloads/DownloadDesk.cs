using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Downloads;

/// <summary>A hub with one model of a few files, its store of large files elsewhere, and a shelf to fetch it to.</summary>
internal sealed class DownloadDesk : IAsyncDisposable
{
    public const string Id = "owner/tiny";
    public static readonly PullWish Wish = new([FilePrecision.FourBit, FilePrecision.EightBit, FilePrecision.Fp32, FilePrecision.Fp16]);

    private readonly ServiceProvider _services;
    private readonly TestFolder _folder;

    private DownloadDesk(FakeHub hub, FakeHub store, TestFolder folder, ServiceProvider services) => (Hub, Store, _folder, _services) = (hub, store, folder, services);

    public FakeHub Hub { get; }
    public FakeHub Store { get; }
    public string Home => Path.Combine(_folder.Path, "models");
    public ModelShelf Shelf => _services.GetRequiredService<ModelShelf>();
    public ModelDownload Download => _services.GetRequiredService<ModelDownload>();
    public List<PullProgress> Progress { get; } = [];

    public static async Task<DownloadDesk> OpenAsync(int weights = 300_000, Action<HubOptions>? change = null, Action<DownloadOptions>? limit = null, string? home = null, LogRecorder? log = null)
    {
        var (hub, store, folder) = (await FakeHub.StartAsync(), await FakeHub.StartAsync(), await TestFolder.CreateAsync("downloads"));
        (hub.Store, store.Stored) = (store.Endpoint, hub.Models);
        hub.Models.Add(new JsonObject { ["id"] = Id, ["tags"] = new JsonArray("onnx") });
        hub.Models.File(Id, "config.json", "{\"model_type\":\"toy\"}"u8.ToArray(), large: false);
        hub.Models.File(Id, "tokenizer.json", Encoding.UTF8.GetBytes($"{{\"pad\":\"{new string('x', 5000)}\"}}"), large: false);
        hub.Models.File(Id, "onnx/model.onnx", Graph(weights));
        foreach (var other in new[] { "pytorch_model.bin", "data.pkl", "modeling.py", "lib.so", "model.ort", "run.sh", "model.zip" }) hub.Models.File(Id, other, [1, 2, 3]);
        var services = HubSetup.For(hub, log: log, change: change, more: services => services.AddDownloads(home ?? Path.Combine(folder.Path, "models")).Configure<DownloadOptions>(options => limit?.Invoke(options)));
        return new(hub, store, folder, services);
    }

    /// <summary>Begins as a graph does; the rest is noise.</summary>
    public static byte[] Graph(int bytes, int seed = 1)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        content[0] = 0x08;
        return content;
    }

    public Task<PullResult> PullAsync(string id = Id, PullWish? wish = null, CancellationToken? cancellationToken = null) =>
        _services.GetRequiredService<ModelDownload>().PullAsync(id, wish ?? Wish, new Recorded(Progress), cancellationToken ?? TestContext.Current.CancellationToken);

    public IEnumerable<string> Files => !Directory.Exists(Home) ? [] : Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".lock").Select(file => Path.GetRelativePath(Home, file)).Order(StringComparer.Ordinal);

    /// <summary>How often a file was asked for.</summary>
    public int Fetches => Hub.Log.Count(request => request.Path.Contains("/resolve/", StringComparison.Ordinal));

    public string Commit => Hub.Models.All.Single(repo => repo.Id == Id).Sha;

    /// <summary>Another commit.</summary>
    public void Touch() => Hub.Models.Change(Id, repo => repo["lastModified"] = FakeRepo.Iso(new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc)));

    public static Func<HttpRequest, bool> IsFile(string name) =>
        request => request.Path.Value?.Contains("/resolve/", StringComparison.Ordinal) == true && request.Path.Value.EndsWith(name, StringComparison.Ordinal);

    public static async Task<int> RunAsync(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true });
        if (process is null) return -1;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Hub.DisposeAsync();
        await Store.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private sealed class Recorded(List<PullProgress> to) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            lock (to) to.Add(value);
        }
    }
}
