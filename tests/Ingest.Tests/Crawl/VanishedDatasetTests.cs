using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Crawl;

/// <summary>The check of what a full crawl did not meet, for datasets.</summary>
public sealed class VanishedDatasetTests(PostgresFixture postgres)
{
    private static readonly CrawlPlan Full = new(HubRepoKind.Datasets, CrawlMode.Full);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>All datasets met on one day; the next day's crawl is up to the test.</summary>
    private async Task<(CrawlBench Bench, List<FakeRepo> Sets)> StartAsync(int datasets)
    {
        var bench = await CrawlBench.StartAsync(postgres);
        for (var number = 0; number < datasets; number++) bench.Hub.Datasets.Add(FakeModels.Dataset(number));
        await bench.CrawlAsync(Full);
        bench.Clock.Ahead = TimeSpan.FromDays(1);
        return (bench, [.. bench.Hub.Datasets.All]);
    }

    private static async Task<CrawlSlice> CheckAsync(CrawlBench bench)
    {
        await bench.CrawlAsync(Full);
        return await bench.Services.GetRequiredService<VanishedCheck>().RunAsync(HubRepoKind.Datasets, CrawlBench.Endless, Token);
    }

    private static async Task<RepoState> StateAsync(CrawlBench bench, FakeRepo repo) =>
        (RepoState)Assert.Single(await bench.QueryAsync<short>($"SELECT state FROM dataset WHERE hub_id = '{repo.HubId}'"));

    [Fact]
    public async Task ING_16_Datasets_that_are_no_longer_listed_are_asked_for_and_marked_and_their_data_stays()
    {
        var (bench, sets) = await StartAsync(600);
        await using var _ = bench;
        bench.Hub.Datasets.Remove(sets[1].Id);
        bench.Hub.Datasets.Fate(sets[2].Id, FakeAnswer.Error(410, "Gone"));
        bench.Hub.Datasets.Fate(sets[3].Id, FakeAnswer.Error(451, "Unavailable for legal reasons"));
        bench.Hub.Datasets.Fate(sets[4].Id, FakeAnswer.Disabled);
        bench.Hub.Datasets.Fate(sets[5].Id, FakeAnswer.Gated(sets[5].Id, signedIn: false));
        const string Data = "SELECT concat_ws('|', repo_id, hub_id, licenses::text, gating, downloads, likes, created_at) FROM dataset ORDER BY id";
        var before = await bench.QueryAsync<string>(Data);

        var slice = await CheckAsync(bench);

        Assert.Equal((CrawlEnd.Done, 5L), (slice.End, slice.Read));
        List<RepoState> states = [];
        foreach (var set in sets.Take(6)) states.Add(await StateAsync(bench, set));
        Assert.Equal([RepoState.Listed, RepoState.Gone, RepoState.Gone, RepoState.Withdrawn, RepoState.Disabled, RepoState.Listed], states);
        Assert.Equal(596, await One(bench, "SELECT count(*) FROM dataset WHERE state = 0"));
        Assert.Equal(before, await bench.QueryAsync<string>(Data));
        Assert.Equal(CrawlEnd.Idle, (await bench.Services.GetRequiredService<VanishedCheck>().RunAsync(HubRepoKind.Datasets, CrawlBench.Endless, Token)).End);
    }

    [Fact]
    public async Task ING_16_More_than_two_percent_of_the_datasets_missing_at_once_marks_nothing()
    {
        var (bench, sets) = await StartAsync(400);
        await using var _ = bench;
        foreach (var set in sets.Take(9)) bench.Hub.Datasets.Remove(set.Id);
        var slice = await CheckAsync(bench);
        Assert.Equal((CrawlEnd.Partial, 0L), (slice.End, slice.Read));
        Assert.Contains("9 of 400 datasets", slice.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await One(bench, "SELECT count(*) FROM dataset WHERE state <> 0"));
        Assert.DoesNotContain(bench.Hub.Log, request => request.Path.StartsWith("/api/datasets/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ING_15_A_renamed_dataset_keeps_its_row_and_one_that_comes_back_is_listed_again()
    {
        var (bench, sets) = await StartAsync(200);
        await using var _ = bench;
        var id = Assert.Single(await bench.QueryAsync<int>($"SELECT id FROM dataset WHERE hub_id = '{sets[7].HubId}'"));
        bench.Hub.Datasets.Rename(sets[7].Id, "new-home/renamed");
        bench.Hub.Datasets.Remove(sets[8].Id);
        bench.Hub.Datasets.Remove(sets[9].Id);
        bench.Hub.Datasets.Redirect(sets[9].Id, sets[10].Id); // leads to another repository
        await CheckAsync(bench);
        Assert.Equal([id], await bench.QueryAsync<int>("SELECT id FROM dataset WHERE repo_id = 'new-home/renamed' AND state = 0"));
        Assert.Equal((RepoState.Gone, RepoState.Gone, RepoState.Listed), (await StateAsync(bench, sets[8]), await StateAsync(bench, sets[9]), await StateAsync(bench, sets[10])));

        bench.Hub.Datasets.Add(sets[8].Document);
        bench.Clock.Ahead = TimeSpan.FromDays(2);
        await CheckAsync(bench);
        Assert.Equal(RepoState.Listed, await StateAsync(bench, sets[8]));
    }

    [Fact]
    public async Task A_dataset_that_is_gone_has_the_models_judged_again_that_name_it()
    {
        var (bench, sets) = await StartAsync(200);
        await using var _ = bench;
        bench.Hub.Models.Add(new JsonObject
        {
            ["_id"] = "621ffdc036468d709f174338",
            ["id"] = "maker/thing",
            ["library_name"] = "transformers",
            ["tags"] = new JsonArray("transformers", "license:mit", $"dataset:{sets[3].Id}"),
            ["siblings"] = new JsonArray(new JsonObject { ["rfilename"] = "model.safetensors" }),
        });
        await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((short)AxisLevel.Open, Assert.Single(await bench.QueryAsync<short>("SELECT data_level FROM model")));
        bench.Hub.Datasets.Remove(sets[3].Id);
        await CheckAsync(bench);
        await bench.Services.GetRequiredService<CatalogWriter>().SettleAsync(Token);
        Assert.NotEqual((short)AxisLevel.Open, Assert.Single(await bench.QueryAsync<short>("SELECT data_level FROM model")));
        Assert.Equal(2, await One(bench, "SELECT count(*) FROM verdict"));
    }

    [Fact]
    public async Task ING_20_The_same_datasets_again_write_nothing_on_the_same_day_and_their_date_on_the_next()
    {
        var (bench, _) = await StartAsync(100);
        await using var disposed = bench;
        const string Versions = "SELECT string_agg(xmin::text || ctid::text, ' ' ORDER BY id) FROM dataset";
        await bench.CrawlAsync(Full);
        var before = await bench.QueryAsync<string>(Versions);
        Assert.Equal(100, (await bench.CrawlAsync(Full)).Written.Unchanged);
        Assert.Equal(before, await bench.QueryAsync<string>(Versions));
        Assert.Equal(100, await One(bench, $"SELECT count(*) FROM dataset WHERE observed_at > '{bench.Clock.GetUtcNow().AddHours(-1):O}'"));
    }

    [Fact]
    public async Task A_full_crawl_of_datasets_starts_the_check()
    {
        var (bench, _) = await StartAsync(50);
        await using var disposed = bench;
        bench.Clock.Ahead = TimeSpan.FromDays(30);
        await bench.Services.GetRequiredService<SyncDatasetsJob>().RunAsync(CrawlMode.Full, Token);
        var (job, _) = Assert.Single(bench.Jobs.Made);
        Assert.Equal((typeof(CheckVanishedJob), (object)HubRepoKind.Datasets), (job.Type, job.Args[0]));
    }

    private static async Task<long> One(CrawlBench bench, string sql) => Assert.Single(await bench.QueryAsync<long>(sql));
}
