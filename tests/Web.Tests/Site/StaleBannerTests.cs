using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Jobs;
using Npgsql;

namespace ModelAtlas.Web.Tests.Site;

public sealed class StaleBannerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ING_23_A_hub_that_was_not_read_for_a_day_is_said_on_every_page_and_one_that_was_is_not()
    {
        await using var site = await RunningSite.StartAsync(await postgres.CreateDatabaseAsync());
        await using var source = NpgsqlDataSource.Create(site.ConnectionString);
        var freshness = site.Services.GetRequiredService<CrawlFreshness>();
        Assert.DoesNotContain("class=\"stale\"", await LookAsync("SELECT 1"), StringComparison.Ordinal); // never crawled: a catalogue of files
        const string Row = "INSERT INTO crawl_cursor (source, state, started_at, heartbeat_at, finished_at, pages, read, stored, unchanged, quarantined) VALUES ('hub/models/full', 2, now(), now(), now() - interval '{0}', 1, 1, 1, 0, 0) ON CONFLICT (source) DO UPDATE SET finished_at = excluded.finished_at";
        Assert.Contains("class=\"stale\"", await LookAsync(Row.Replace("{0}", "25 hours", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"stale\"", await LookAsync(Row.Replace("{0}", "2 hours", StringComparison.Ordinal)), StringComparison.Ordinal);

        async Task<string> LookAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await freshness.LookAsync(TestContext.Current.CancellationToken);
            return await site.Client.GetStringAsync(new Uri($"/licenses?q={Guid.NewGuid():n}", UriKind.Relative), TestContext.Current.CancellationToken);
        }
    }
}
