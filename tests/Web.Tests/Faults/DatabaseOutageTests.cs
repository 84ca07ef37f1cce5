using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Testing;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Postgres;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>A database that is away for a while under a crawl, by a server of jobs or in the foreground, which goes on by itself.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DatabaseOutageTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("up")]
    [InlineData("sync")]
    public Task JOB_04_A_database_away_for_5_seconds_under_a_running_crawl_ends_like_one_that_never_was(string verb) => LoseAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), verb);

    [Fact]
    [Trait("Category", "Slow")]
    public Task JOB_04_A_database_away_for_60_seconds_under_a_running_crawl_ends_like_one_that_never_was() => LoseAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), "up");

    private async Task LoseAsync(TimeSpan away, TimeSpan invisibility, string verb)
    {
        await using var hub = await CrawlStage.HubAsync(models: 1_000, pageMilliseconds: 100);
        await using var clean = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        await clean.RunAsync([], _ => Task.CompletedTask);
        var before = CrawlStage.Pages(hub);
        Assert.All(before, page => Assert.Equal(1, page.Value));

        await using var folder = await TestFolder.CreateAsync("away");
        var server = await PostgresCluster.OpenAsync(new() { DataFolder = folder.Path }, NullLogger.Instance, Token);
        try
        {
            await AtlasMigrator.MigrateAsync(server.ConnectionString(), Token);
            await using var stage = new CrawlStage(hub, server.ConnectionString());
            await using var crawler = verb == "up" ? stage.StartJobs(invisibility) : stage.StartSync();
            int Asked() => CrawlStage.Pages(hub).Sum(page => page.Value) - before.Count;
            await CrawlStage.UntilAsync(() => Task.FromResult(Asked() >= 4), TimeSpan.FromMinutes(2), "The crawl did not begin");
            await server.DisposeAsync();
            var asked = Asked();
            await Task.Delay(away, Token);
            Assert.False(crawler.HasEnded);
            Assert.InRange(Asked() - asked, 0, 2); // what cannot be stored is not read
            Assert.InRange(asked, 4, before.Count - 2); // it was in the middle

            server = await PostgresCluster.OpenAsync(new() { DataFolder = folder.Path }, NullLogger.Instance, Token);
            await stage.DoneAsync(invisibility + TimeSpan.FromMinutes(2));
            Assert.False(crawler.HasEnded);
            Assert.Equal(await clean.ContentAsync(), await stage.ContentAsync());
            Assert.Equal(await clean.CursorAsync(), await stage.CursorAsync());
            Assert.InRange(Asked(), before.Count, before.Count + 2);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
