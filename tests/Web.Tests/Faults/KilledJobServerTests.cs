using System.Diagnostics;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>Two servers of jobs on one database. The one that crawls takes longer over a page than a silent worker may, and is then killed.</summary>
public sealed class KilledJobServerTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task JOB_07_JOB_08_A_long_job_runs_once_and_that_of_a_killed_server_is_taken_over_after_10_seconds_of_silence() => TakeOverAsync(TimeSpan.FromSeconds(10));

    /// <summary>With the silence that is set by default: 65 s at most from the kill to the next page.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public Task JOB_07_JOB_08_A_long_job_runs_once_and_that_of_a_killed_server_is_taken_over_after_60_seconds_of_silence() => TakeOverAsync(TimeSpan.FromSeconds(60));

    private async Task TakeOverAsync(TimeSpan silence)
    {
        const int Held = 5;
        await using var hub = await CrawlStage.HubAsync(models: 500, pageMilliseconds: 1);
        await using var clean = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        await clean.RunAsync([], _ => Task.CompletedTask);
        var (pages, asked) = (CrawlStage.Pages(hub).Count, 0);
        hub.Heal();
        hub.Fail(FakeFaults.Silence, when: request => CrawlStage.IsFullListing(request.Path, request.QueryString.Value ?? "") && Interlocked.Increment(ref asked) == Held);

        await using var stage = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        await using var first = stage.StartJobs(silence);
        await CrawlStage.UntilAsync(() => Task.FromResult(Volatile.Read(ref asked) >= Held), TimeSpan.FromMinutes(2), "The crawl did not begin");
        await using var second = stage.StartJobs(silence);
        await CrawlStage.UntilAsync(async () => await stage.ValueAsync<long>("SELECT count(*) FROM hangfire.server") == 2, TimeSpan.FromMinutes(2), "The second server did not come");
        await Task.Delay(silence * 1.5, Token);
        Assert.Equal(Held, asked);

        first.Kill();
        var killed = Stopwatch.StartNew();
        await CrawlStage.UntilAsync(() => Task.FromResult(Asked() > Held), silence + TimeSpan.FromMinutes(1), "Nobody went on with the crawl");
        TestContext.Current.TestOutputHelper?.WriteLine($"taken over {killed.Elapsed.TotalSeconds:0.0} s after the kill");
        Assert.InRange(killed.Elapsed, TimeSpan.Zero, silence + TimeSpan.FromSeconds(5));
        await stage.DoneAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(await clean.ContentAsync(), await stage.ContentAsync());
        Assert.Equal(await clean.CursorAsync(), await stage.CursorAsync());
        Assert.Equal(pages + 1, Asked()); // the page in hand, once more

        int Asked() => CrawlStage.Pages(hub).Sum(page => page.Value) - pages;
    }
}
