using ModelAtlas.Testing;

namespace ModelAtlas.Web.Tests.Faults;

public sealed class KilledWorkerTests(PostgresFixture postgres)
{
    /// <summary>Fifty points, in parts that can be run one at a time: <c>-preEnumerateTheories -trait Part=3</c>.</summary>
    public static TheoryData<int> Parts
    {
        get
        {
            TheoryData<int> parts = [];
            for (var part = 1; part <= 5; part++) parts.Add(new TheoryDataRow<int>(part).WithTrait("Part", $"{part}"));
            return parts;
        }
    }

    [Fact]
    public Task JOB_02_A_worker_killed_at_5_seeded_points_ends_in_the_database_of_a_clean_run() => KillAsync(5, seed: 20);

    [Theory]
    [MemberData(nameof(Parts))]
    [Trait("Category", "Slow")]
    public Task JOB_02_A_worker_killed_at_50_seeded_points_ends_in_the_database_of_a_clean_run(int part) => KillAsync(10, seed: 20 + part);

    private async Task KillAsync(int kills, int seed)
    {
        // Every start gets two pages further, or none.
        await using var hub = await CrawlStage.HubAsync(models: kills * 100, pageMilliseconds: 30);
        await using var clean = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        Assert.Equal(1, await clean.RunAsync([], _ => Task.CompletedTask));
        var pages = hub.Log.Count(request => request.Path == "/api/models");

        await using var killed = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        var starts = await killed.RunAsync(CrawlStage.Moments(kills, seed, longest: 250), worker =>
        {
            worker.Kill();
            return Task.CompletedTask;
        });

        Assert.True(starts > kills / 2, $"only {starts} starts");
        Assert.Equal(await clean.ContentAsync(), await killed.ContentAsync());
        Assert.Equal(await clean.CursorAsync(), await killed.CursorAsync());
        // JOB-01: a kill costs at most the page in hand.
        Assert.InRange(hub.Log.Count(request => request.Path == "/api/models"), 2 * pages, (2 * pages) + starts);
    }
}
