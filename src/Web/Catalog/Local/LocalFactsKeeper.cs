using System.Globalization;
using Microsoft.Extensions.Options;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Catalog.Local;

/// <summary>Tells the index every few seconds which models can be asked here: the shelf fills and empties while the site runs.</summary>
internal sealed class LocalFactsKeeper(CatalogIndex index, ServedModels served, IOptions<InferenceOptions> inference, IOptions<PolicyOptions> policy, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var facts = LocalFacts.None with { Room = inference.Value.MemoryBytes ?? Memory(), Policy = policy.Value.Read() };
        index.Put(facts);
        while (!stoppingToken.IsCancellationRequested)
        {
            var models = await served.ListAsync(stoppingToken);
            index.Put(facts with { Hosted = facts.Hosted.Union(models.Select(model => model.Remote?.Name ?? model.Id)) });
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What the machine has, or the container may take.</summary>
    private static long? Memory()
    {
        var line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) : null;
        var machine = line is null ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024;
        var container = File.Exists("/sys/fs/cgroup/memory.max") ? Number(File.ReadAllText("/sys/fs/cgroup/memory.max")) : null;
        return container < machine ? container : machine;
    }

    private static long? Number(string text) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
