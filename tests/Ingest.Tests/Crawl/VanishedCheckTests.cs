using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Crawl;

public sealed class VanishedCheckTests(PostgresFixture postgres)
{
    /// <summary>All models met on one day; the next day's crawl is up to the test.</summary>
    private async Task<(CrawlBench Bench, List<FakeRepo> Models)> StartAsync(int models)
    {
        var bench = await CrawlBench.StartAsync(postgres, models);
        await bench.CrawlAsync(CrawlBench.Full);
        bench.Clock.Ahead = TimeSpan.FromDays(1);
        return (bench, [.. bench.Hub.Models.All]);
    }

    private static async Task<CrawlSlice> CheckAsync(CrawlBench bench, CrawlPace? pace = null)
    {
        await bench.CrawlAsync(CrawlBench.Full);
        return await bench.Services.GetRequiredService<VanishedCheck>().RunAsync(HubRepoKind.Models, pace ?? CrawlBench.Endless, TestContext.Current.CancellationToken);
    }

    private static async Task<RepoState> StateAsync(CrawlBench bench, FakeRepo repo) =>
        (RepoState)Assert.Single(await bench.QueryAsync<short>($"SELECT state FROM model WHERE hub_id = '{repo.HubId}'"));

    [Fact]
    public async Task ING_16_Models_that_are_no_longer_listed_are_asked_for_and_marked_and_their_data_stays()
    {
        var (bench, models) = await StartAsync(600);
        await using var _ = bench;
        bench.Hub.Models.Remove(models[0].Id);
        bench.Hub.Models.Fate(models[1].Id, FakeAnswer.Error(410, "Gone"));
        bench.Hub.Models.Fate(models[2].Id, FakeAnswer.Error(451, "Unavailable for legal reasons"));
        bench.Hub.Models.Fate(models[3].Id, FakeAnswer.Disabled);
        bench.Hub.Models.Fate(models[4].Id, FakeAnswer.Gated(models[4].Id, signedIn: false));
        bench.Hub.Models.Fate(models[5].Id, FakeAnswer.Error(404, "Repository not found"));
        var before = await bench.QueryAsync<string>("SELECT concat_ws('|', repo_id, task_id, library_id, license_id, tag_ids::text, parameters) FROM model ORDER BY id");

        var slice = await CheckAsync(bench);

        Assert.Equal((CrawlEnd.Done, 6L), (slice.End, slice.Read));
        Assert.Equal(
            [RepoState.Gone, RepoState.Gone, RepoState.Withdrawn, RepoState.Disabled, RepoState.Listed, RepoState.Gone],
            new[] { await StateAsync(bench, models[0]), await StateAsync(bench, models[1]), await StateAsync(bench, models[2]), await StateAsync(bench, models[3]), await StateAsync(bench, models[4]), await StateAsync(bench, models[5]) });
        Assert.Equal(595, (await bench.IdsAsync("state = 0")).Length);
        Assert.Equal(before, await bench.QueryAsync<string>("SELECT concat_ws('|', repo_id, task_id, library_id, license_id, tag_ids::text, parameters) FROM model ORDER BY id"));
        Assert.Equal(CrawlEnd.Idle, (await bench.Services.GetRequiredService<VanishedCheck>().RunAsync(HubRepoKind.Models, CrawlBench.Endless, TestContext.Current.CancellationToken)).End);
    }

    [Fact]
    public async Task A_model_that_comes_back_is_listed_again()
    {
        var (bench, models) = await StartAsync(200);
        await using var _ = bench;
        bench.Hub.Models.Remove(models[0].Id);
        await CheckAsync(bench);
        Assert.Equal(RepoState.Gone, await StateAsync(bench, models[0]));
        bench.Hub.Models.Add(models[0].Json);
        bench.Clock.Ahead = TimeSpan.FromDays(2);
        await CheckAsync(bench);
        Assert.Equal(RepoState.Listed, await StateAsync(bench, models[0]));
    }

    [Fact]
    public async Task ING_16_More_than_two_percent_missing_at_once_marks_nothing()
    {
        var (bench, models) = await StartAsync(400);
        await using var _ = bench;
        foreach (var model in models.Take(9)) bench.Hub.Models.Remove(model.Id);
        var slice = await CheckAsync(bench);
        Assert.Equal((CrawlEnd.Partial, 0L), (slice.End, slice.Read));
        Assert.Contains("9 of 400", slice.Detail, StringComparison.Ordinal);
        Assert.Empty(await bench.IdsAsync("state <> 0"));
        Assert.DoesNotContain(bench.Hub.Log, request => request.Path.StartsWith("/api/models/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_percent_is_not_yet_too_many()
    {
        var (bench, models) = await StartAsync(400);
        await using var _ = bench;
        foreach (var model in models.Take(8)) bench.Hub.Models.Remove(model.Id);
        Assert.Equal((CrawlEnd.Done, 8L), await CheckAsync(bench) is var slice ? (slice.End, slice.Read) : default);
        Assert.Equal(8, (await bench.IdsAsync("state = 1")).Length);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task ING_16_A_hub_that_suddenly_denies_everything_marks_nothing(int status)
    {
        var (bench, _) = await StartAsync(300);
        await using var disposed = bench;
        bench.Hub.Fail(FakeFaults.Status(status), int.MaxValue);
        Assert.Equal(CrawlEnd.Partial, (await bench.CrawlAsync(CrawlBench.Full)).End);
        Assert.Equal(CrawlEnd.Idle, (await bench.Services.GetRequiredService<VanishedCheck>().RunAsync(HubRepoKind.Models, CrawlBench.Endless, TestContext.Current.CancellationToken)).End);
        Assert.Equal(300, (await bench.IdsAsync("state = 0")).Length);
    }

    [Fact]
    public async Task ING_16_An_empty_list_deletes_nothing()
    {
        var (bench, _) = await StartAsync(300);
        await using var disposed = bench;
        bench.Hub.Fail(FakeFaults.Body("[]"));
        var slice = await CheckAsync(bench);
        Assert.Equal(CrawlEnd.Partial, slice.End);
        Assert.Equal(300, (await bench.IdsAsync("state = 0")).Length);
    }

    [Fact]
    public async Task ING_15_A_rename_keeps_the_row_its_history_and_the_old_name()
    {
        var (bench, models) = await StartAsync(200);
        await using var _ = bench;
        var id = Assert.Single(await bench.QueryAsync<int>($"SELECT id FROM model WHERE hub_id = '{models[7].HubId}'"));
        bench.Hub.Models.Rename(models[7].Id, "new-home/renamed");
        await CheckAsync(bench);
        Assert.Equal([id], await bench.QueryAsync<int>("SELECT id FROM model WHERE repo_id = 'new-home/renamed' AND state = 0"));
        Assert.Equal([id], await bench.QueryAsync<int>($"SELECT model_id FROM model_alias WHERE alias = '{models[7].Id}'"));
        Assert.NotEmpty(await bench.QueryAsync<long>($"SELECT id FROM verdict WHERE model_id = {id}"));
    }

    [Fact]
    public async Task ING_15_A_name_that_leads_to_another_repository_means_that_the_old_one_is_gone()
    {
        var (bench, models) = await StartAsync(200);
        await using var _ = bench;
        bench.Hub.Models.Remove(models[7].Id);
        bench.Hub.Models.Redirect(models[7].Id, models[8].Id);
        await CheckAsync(bench);
        Assert.Equal((RepoState.Gone, RepoState.Listed), (await StateAsync(bench, models[7]), await StateAsync(bench, models[8])));
    }

    [Fact]
    public async Task A_check_that_was_cut_short_goes_on_where_it_was_and_a_failing_hub_ends_it()
    {
        var (bench, models) = await StartAsync(600);
        await using var _ = bench;
        foreach (var model in models.Take(10)) bench.Hub.Models.Remove(model.Id);
        Assert.Equal((CrawlEnd.More, 1L), await CheckAsync(bench, new(TimeSpan.Zero, TimeSpan.Zero)) is var slice ? (slice.End, slice.Read) : default);
        var check = bench.Services.GetRequiredService<VanishedCheck>();
        bench.Hub.Fail(FakeFaults.Status(500), int.MaxValue);
        Assert.Equal(CrawlEnd.Partial, (await check.RunAsync(HubRepoKind.Models, CrawlBench.Endless, TestContext.Current.CancellationToken)).End);
        Assert.Single(await bench.IdsAsync("state = 1"));
    }

    [Fact]
    public async Task What_only_a_file_told_us_of_was_never_the_hubs_to_miss()
    {
        var (bench, _) = await StartAsync(100);
        await using var disposed = bench;
        var old = Enumerable.Range(0, 50).Select(n => new HubModel { Id = $"old/file-{n}", HubId = $"61{n:x22}" }).ToList();
        await bench.Services.GetRequiredService<Ingest.Sync.CatalogWriter>().WriteAsync(
            new("file:old.jsonl", new(2024, 7, 1, 0, 0, 0, TimeSpan.Zero), old, [], [], null), TestContext.Current.CancellationToken);
        Assert.Equal((CrawlEnd.Done, 0L), await CheckAsync(bench) is var slice ? (slice.End, slice.Read) : default);
        Assert.Equal(150, (await bench.IdsAsync("state = 0")).Length);
    }
}
