using System.Text.Json;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using Npgsql;

namespace ModelAtlas.Web.Tests.Catalog.Index;

public sealed class IndexKeeperTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_sites_on_one_database_show_what_was_added_changed_and_taken_away_within_a_minute()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new("a-lab/one"), new("a-lab/two"), new("b-lab/three")]);
        await using var first = await RunningSite.StartAsync(database);
        await using var second = await RunningSite.StartAsync(database);
        foreach (var site in new[] { first, second }) Assert.Equal(["a-lab/one", "a-lab/two", "b-lab/three"], await NamesAsync(site, ""));

        await CatalogSeed.WriteAsync(database, [new("c-lab/new") { Tags = ["brand-new-tag"], License = "gemma", LicenseClass = "use-restricted" }]);
        await ExecuteAsync(database, "UPDATE model SET repo_id = 'b-lab/renamed', class = 3, rev = nextval('model_rev') WHERE repo_id = 'b-lab/three'");
        foreach (var site in new[] { first, second })
        {
            await UntilAsync(async () => (await NamesAsync(site, "q=brand&license=gemma")).SequenceEqual(["c-lab/new"]) && (await NamesAsync(site, "class=closed")).SequenceEqual(["b-lab/renamed"]));
            Assert.Empty(await NamesAsync(site, "q=three"));
            Assert.Equal(["a-lab/one", "a-lab/two", "b-lab/renamed", "c-lab/new"], await NamesAsync(site, ""));
        }
    }

    [Fact]
    public async Task A_recount_takes_counters_that_changed_without_a_new_change_number_and_leaves_out_what_has_gone()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new("a/one") { Downloads = 10 }, new("a/two") { Downloads = 20 }, new("a/three") { Downloads = 30 }]);
        await using var source = NpgsqlDataSource.Create(database);
        var loader = new SnapshotLoader(source);
        var loaded = await loader.LoadAsync(Token);
        Assert.Equal(["a/three", "a/two", "a/one"], Page(loaded));
        Assert.Same(loaded, await loader.ChangeAsync(loaded, Token));

        await ExecuteAsync(database, "UPDATE model_counters SET downloads = 99 WHERE model_id = (SELECT id FROM model WHERE repo_id = 'a/one'); DELETE FROM verdict; DELETE FROM model WHERE repo_id = 'a/two'");
        var counted = await loader.RecountAsync(loaded, Token);
        Assert.Equal(["a/one", "a/three"], Page(counted));
        using var search = new CatalogSearch(counted, CatalogFilter.All.With("q", "two"));
        Assert.Equal(0, search.Total);
        Assert.Equal(["a/three", "a/two", "a/one"], Page(loaded)); // a snapshot never changes
    }

    [Fact]
    public async Task What_has_gone_is_missed_though_as_many_have_come()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new("a/one"), new("a/two")]);
        await using var source = NpgsqlDataSource.Create(database);
        var loader = new SnapshotLoader(source);
        var loaded = await loader.LoadAsync(Token);
        await ExecuteAsync(database, $"DELETE FROM verdict; DELETE FROM model WHERE repo_id = 'a/two'; {Insert(77, "a/three")}; UPDATE model SET rev = nextval('model_rev') WHERE repo_id = 'a/one'");
        Assert.Equal(["a/one"], Page(await loader.RecountAsync(loaded, Token)));
        Assert.Equal(["a/one", "a/three"], Page(await loader.ChangeAsync(await loader.RecountAsync(loaded, Token), Token)).Order());
    }

    [Fact]
    public async Task A_model_whose_id_is_lower_than_those_known_is_taken_all_the_same()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new("a/one"), new("a/two")]);
        await using var source = NpgsqlDataSource.Create(database);
        var loader = new SnapshotLoader(source);
        var loaded = await loader.LoadAsync(Token);
        await ExecuteAsync(database, Insert(-5, "a/late"));
        Assert.Equal(3, (await loader.ChangeAsync(loaded, Token)).Live.Count);
    }

    /// <summary>Another model, which is like a/one.</summary>
    private static string Insert(int id, string name) => $"""
        INSERT INTO model (id, repo_id, author_id, language_ids, tag_ids, basis, conflict, rule_version, verdict_hash, gating, state, observed_at, source, observation_hash)
        SELECT {id}, '{name}', author_id, language_ids, tag_ids, basis, conflict, rule_version, verdict_hash, gating, state, observed_at, source, observation_hash FROM model WHERE repo_id = 'a/one'
        """;

    private static IEnumerable<string> Page(CatalogSnapshot snapshot)
    {
        using var search = new CatalogSearch(snapshot, CatalogFilter.All);
        return [.. search.Page(CatalogSort.Downloads, falling: true, null, 0, 10).Select(snapshot.Names.Text)];
    }

    private static async Task<IEnumerable<string?>> NamesAsync(RunningSite site, string query)
    {
        using var answer = JsonDocument.Parse(await site.Client.GetStringAsync($"/api/v1/models?sort=name&{query}", Token));
        return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var end = TimeProvider.System.GetUtcNow().AddMinutes(1); !await holds(); await Task.Delay(200, Token))
            Assert.True(TimeProvider.System.GetUtcNow() < end, "It did not come within a minute.");
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
