using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>What the catalogue counted on each day, and the charts of it.</summary>
public sealed class StatsOverTimeTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Charts_over_time_come_with_the_second_day_and_each_has_its_table()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models, SampleCatalog.Datasets);
        await using var source = NpgsqlDataSource.Create(database);
        await using var site = await RunningSite.StartAsync(database);
        Assert.Contains("needs two snapshots; there is none yet", await ReadAsync(site), StringComparison.Ordinal);

        var clock = new ShiftedClock { Ahead = TimeSpan.FromDays(-400) };
        await new CountDayJob(source, clock).RunAsync(Token);
        var one = await ReadAsync(site);
        Assert.Contains($"needs two snapshots; there is one, of {Day(clock)}", one, StringComparison.Ordinal);
        Assert.DoesNotContain("Classes over time", one, StringComparison.Ordinal);

        // The same day again takes the place of the first count: a class that nobody has any more leaves no row.
        await DoAsync(source, "UPDATE model SET class = 2 WHERE class = 3");
        await new CountDayJob(source, clock).RunAsync(Token);
        Assert.Equal(SampleCatalog.Models.Count, await DoAsync(source, "SELECT sum(models)::int FROM catalog_day"));
        Assert.Equal(0, await DoAsync(source, "SELECT count(*)::int FROM catalog_day WHERE class = 3"));

        await DoAsync(source, "UPDATE model SET class = 1, conflict = true WHERE class = 2");
        for (var day = 1; day <= 40; day++) await new CountDayJob(source, new ShiftedClock { Ahead = TimeSpan.FromDays(day - 41) }).RunAsync(Token);
        var html = Plain.Of(await site.Client.GetStringAsync($"/stats?x={Guid.NewGuid():n}", Token));
        Assert.DoesNotContain("needs two snapshots", html, StringComparison.Ordinal);
        foreach (var id in (string[])["class-days", "established-days", "conflict-days"])
        {
            var chart = html.Split($"<section class=\"stat\" aria-labelledby=\"{id}\"")[1].Split("</section>")[0];
            Assert.Contains("<caption", chart, StringComparison.Ordinal);
            var rows = chart.Split("<tr>")[2..];
            Assert.Equal(24, rows.Length); // of 41 days, the first and the last among them
            Assert.All(rows, row => Assert.Contains("<svg class=\"share-bar\"", row, StringComparison.Ordinal));
            Assert.Contains(Day(new ShiftedClock { Ahead = TimeSpan.FromDays(-1) }), rows[0], StringComparison.Ordinal);
            Assert.Contains(Day(clock), rows[^1], StringComparison.Ordinal);
        }
        var models = SampleCatalog.Models.Count(model => model.Class is Openness.OpenWeights or Openness.Closed);
        var disagree = await DoAsync(source, $"SELECT sum(conflicts)::int FROM catalog_day WHERE day = (SELECT max(day) FROM catalog_day)");
        Assert.InRange(disagree, models, SampleCatalog.Models.Count);
    }

    [Fact]
    public async Task An_empty_catalogue_counts_nothing()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await new CountDayJob(source, TimeProvider.System).RunAsync(Token);
        Assert.Equal(0, await DoAsync(source, "SELECT count(*)::int FROM catalog_day"));
    }

    private static string Day(TimeProvider clock) => clock.GetUtcNow().ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static async Task<string> ReadAsync(RunningSite site) => Plain.Text(Plain.Of(await site.Client.GetStringAsync($"/stats?x={Guid.NewGuid():n}", Token)));

    private static async Task<int> DoAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token) as int? ?? 0;
    }
}
