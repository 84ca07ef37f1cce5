using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Sync;

public sealed class CatalogWriterTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string First = "621ffdc036468d709f174338";
    private const string Second = "721ffdc036468d709f174339";

    private CatalogDesk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await CatalogDesk.OpenAsync(postgres);

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_row_becomes_a_model_with_terms_counters_facts_bases_and_a_verdict()
    {
        var result = await _desk.SeeAsync("2024-07-11", $$"""
            {"_id":"{{First}}","id":"maker/thing","sha":"{{new string('a', 40)}}","downloads":7,"likes":3,"trendingScore":2,"tags":["transformers","license:mit","en","region:us","cool","base_model:quantized:a/b"],
             "pipeline_tag":"text-generation","library_name":"transformers","createdAt":"2024-01-12T03:24:12.000Z","safetensors":{"total":1000},"gated":"auto","futureField":{"x":1} }
            """);
        Assert.Equal(new(1, 0, 0, 0), result);
        var model = await _desk.ModelAsync("maker/thing");
        Assert.Equal((First, Gating.Auto, RepoState.Listed, 1000), (model.HubId, model.Gating, model.State, model.Parameters));
        Assert.Equal("test", model.Source);
        await using var db = _desk.Context();
        var names = await db.Terms.ToDictionaryAsync(term => term.Id, term => $"{term.Kind} {term.Name}", TestContext.Current.CancellationToken);
        Assert.Equal(("Author maker", "Task text-generation", "Library transformers"), (names[model.AuthorId], names[model.TaskId ?? 0], names[model.LibraryId ?? 0]));
        Assert.Equal(["Language en"], model.LanguageIds.Select(id => names[id]));
        Assert.Equal(["Tag cool", "Tag en"], model.TagIds.Select(id => names[id]).Order());
        Assert.Equal("mit", (await db.Licenses.SingleAsync(TestContext.Current.CancellationToken)).Key);
        var counters = await db.Counters.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((7, 3, 2), (counters.Downloads, counters.Likes, counters.Trending));
        Assert.Equal(BaseRelation.Quantized, (await db.Bases.SingleAsync(row => row.BaseRepoId == "a/b", TestContext.Current.CancellationToken)).Relation);
        var verdict = await db.Verdicts.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((model.Class, model.Basis, model.LicenseId, new string('a', 40)), (verdict.Class, verdict.Basis, verdict.LicenseId, verdict.Revision));
        Assert.Contains("\"futureField\":{\"x\":1}", await _desk.FactsAsync("maker/thing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_has_the_levels_of_its_verdict_whether_they_were_written_or_migrated()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/b", "\"tags\":[\"license:mit\"],\"siblings\":[{\"rfilename\":\"model.safetensors\"},{\"rfilename\":\"train.py\"}],\"gated\":\"manual\""),
            Row("c/d", "\"tags\":[\"license:cc-by-nc-4.0\"],\"gguf\":{\"total\":5,\"context_length\":8192}"));
        var written = await LevelsAsync();
        Assert.Contains((AxisLevel.Gated, AxisLevel.Open, (int?)null), written.Select(row => (row.WeightsLevel, row.LicenseLevel, row.ContextLength)));
        Assert.Contains((AxisLevel.NonCommercial, 8192), written.Select(row => (row.LicenseLevel, row.ContextLength ?? 0)));
        await using (var db = _desk.Context())
        {
            var migrator = db.GetService<IMigrator>();
            await migrator.MigrateAsync("LineageInTheCatalogue", TestContext.Current.CancellationToken);
            await migrator.MigrateAsync(null, TestContext.Current.CancellationToken);
        }
        Assert.Equal(written, await LevelsAsync());
    }

    [Fact]
    public void Every_word_of_an_axis_has_a_number() => Assert.All(
        [Level.Public, Level.Gated, Level.Withdrawn, Level.Open, Level.Partial, Level.Described, Level.None, Level.Unknown, .. LicenseClass.All],
        word => Assert.Equal(word, AxisWords.Read(word).Word()));

    [Fact]
    public async Task ING_20_the_same_again_writes_no_row_version()
    {
        string[] rows = [Row("a/b"), Row("c/d", "\"downloads\":5"), "not json", Row("gpt2")];
        Assert.Equal(new(3, 0, 0, 1), await _desk.SeeAsync("2024-07-11", rows));
        var before = await _desk.VersionsAsync();
        Assert.Equal(new(0, 0, 3, 1), await _desk.SeeAsync("2024-07-11", rows));
        Assert.Equal(new(0, 0, 3, 1), await _desk.SeeAsync("2024-07-01", rows));
        Assert.Equal(before, await _desk.VersionsAsync());
    }

    [Fact]
    public async Task What_a_verdict_says_otherwise_than_the_one_before_is_kept_apart_and_so_is_a_new_model()
    {
        var lately = TimeProvider.System.GetUtcNow().AddDays(-2).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        await _desk.SeeAsync("2024-07-11", Row("a/new", $"\"createdAt\":\"{lately}\",\"tags\":[\"license:mit\"]"), Row("a/old", "\"createdAt\":\"2023-01-12T03:24:12.000Z\",\"tags\":[\"license:mit\"]"));
        Assert.Equal("a/new 16", await ChangesAsync());
        await _desk.SeeAsync("2024-07-12", Row("a/new", "\"tags\":[\"license:mit\",\"x\"]"), Row("a/old", "\"tags\":[\"license:llama3\"]"));
        Assert.StartsWith("a/new 16, a/old ", await ChangesAsync(), StringComparison.Ordinal);
        Assert.True(await _desk.ValueAsync<bool>("SELECT parts & 2 <> 0 AND before_id = (SELECT min(id) FROM verdict WHERE model_id = verdict_change.model_id) FROM verdict_change JOIN model ON model.id = model_id WHERE repo_id = 'a/old'"));

        Task<string> ChangesAsync() => _desk.ValueAsync<string>("SELECT string_agg(repo_id || ' ' || parts, ', ' ORDER BY verdict_id) FROM verdict_change JOIN model ON model.id = model_id");
    }

    [Fact]
    public async Task Counters_of_a_later_day_touch_the_narrow_table_only()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/b", "\"downloads\":5"));
        var before = await _desk.ValueAsync<string>("SELECT xmin::text || (SELECT xmin::text FROM model_facts) FROM model");
        Assert.Equal(new(0, 1, 0, 0), await _desk.SeeAsync("2024-07-12", Row("a/b", "\"downloads\":6")));
        Assert.Equal(new(0, 0, 1, 0), await _desk.SeeAsync("2024-07-10", Row("a/b", "\"downloads\":4")));
        Assert.Equal(before, await _desk.ValueAsync<string>("SELECT xmin::text || (SELECT xmin::text FROM model_facts) FROM model"));
        Assert.Equal(6, await _desk.ValueAsync<long>("SELECT downloads FROM model_counters"));
        Assert.Equal(new DateOnly(2024, 7, 12), await _desk.ValueAsync<DateOnly>("SELECT seen_on FROM model_counters"));
    }

    [Fact]
    public async Task Three_sources_in_any_order_give_the_same_catalogue()
    {
        (string Day, string Row)[] seen =
        [
            ("2022-02-21", """{"modelId":"a/b","tags":["license:mit"],"pipeline_tag":null,"siblings":[{"rfilename":"model.safetensors"}],"downloads":1,"library_name":"old"}"""),
            ("2024-07-11", $$"""{"_id":"{{First}}","id":"a/b","tags":["license:llama3","x"],"likes":5,"downloads":20,"createdAt":"2024-01-12T03:24:12.000Z"}"""),
            ("2026-08-22", """{"id":"a/b","gated":true,"tags":["x"],"cardData":{"license":"apache-2.0","base_model":"c/d"},"trendingScore":3,"safetensors":{"total":9}}"""),
        ];
        var contents = new HashSet<string>();
        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            await using var desk = await CatalogDesk.OpenAsync(postgres);
            foreach (var at in order) await desk.SeeAsync(seen[at].Day, seen[at].Row);
            foreach (var (day, row) in seen) Assert.Equal(1, (await desk.SeeAsync(day, row)).Unchanged);
            contents.Add(await desk.ContentAsync());
        }
        var content = Assert.Single(contents);
        Assert.StartsWith($"a/b|{First}|old|apache-2.0|", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ING_13_the_same_id_twice_in_a_page_is_one_row_and_the_newest_stands()
    {
        var result = await _desk.SeeAsync(
            "2024-07-11",
            Row("a/b", "\"lastModified\":\"2024-05-01T00:00:00Z\",\"pipeline_tag\":\"newer\""),
            Row("a/b", "\"lastModified\":\"2024-01-01T00:00:00Z\",\"pipeline_tag\":\"older\",\"library_name\":\"filled\""));
        Assert.Equal(new(1, 1, 0, 0), result);
        var facts = await _desk.FactsAsync("a/b");
        Assert.Contains("\"pipeline_tag\":\"newer\",\"library_name\":\"filled\"", facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ING_13_one_id_with_two_object_ids_is_the_newer_repository_and_keeps_nothing_of_the_other()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/b", $"\"_id\":\"{First}\",\"pipeline_tag\":\"first\",\"library_name\":\"first\""));
        await _desk.SeeAsync("2024-07-12", Row("a/b", $"\"_id\":\"{Second}\",\"pipeline_tag\":\"second\""));
        Assert.Equal(new(0, 0, 1, 0), await _desk.SeeAsync("2024-07-10", Row("a/b", $"\"_id\":\"{First}\",\"library_name\":\"first\"")));
        Assert.Equal(Second, (await _desk.ModelAsync("a/b")).HubId);
        Assert.DoesNotContain("first", await _desk.FactsAsync("a/b"), StringComparison.Ordinal);
        Assert.Equal(new(1, 1, 0, 0), await _desk.SeeAsync("2024-07-13", Row("c/d", "\"_id\":\"821ffdc036468d709f174338\""), Row("c/d", "\"_id\":\"921ffdc036468d709f174338\"")));
        Assert.Equal("921ffdc036468d709f174338", (await _desk.ModelAsync("c/d")).HubId);
    }

    [Fact]
    public async Task ING_14_ids_that_differ_by_case_or_form_are_rows_of_their_own()
    {
        Assert.Equal(4, (await _desk.SeeAsync("2024-07-11", Row("a/Model"), Row("a/model"), Row("a/caf\u00e9"), Row("a/cafe\u0301"))).Stored);
        Assert.Equal(4, await _desk.ValueAsync<long>("SELECT count(*) FROM model"));
    }

    [Fact]
    public async Task ING_15_a_rename_moves_the_row_keeps_its_history_and_leaves_the_old_name_as_an_alias()
    {
        await _desk.SeeAsync("2024-07-11", Row("old/name", $"\"_id\":\"{First}\",\"tags\":[\"license:mit\"]"));
        var id = (await _desk.ModelAsync("old/name")).Id;
        Assert.Equal(new(0, 1, 0, 0), await _desk.SeeAsync("2024-08-11", Row("new/name", $"\"_id\":\"{First}\",\"tags\":[\"license:llama3\"]")));
        Assert.Equal(id, (await _desk.ModelAsync("new/name")).Id);
        Assert.Equal(id, await _desk.ValueAsync<int>("SELECT model_id FROM model_alias WHERE alias = 'old/name' AND reason = 1"));
        Assert.Equal(2, await _desk.ValueAsync<long>("SELECT count(*) FROM verdict"));
        Assert.Contains("\"id\":\"new/name\",\"author\":\"new\"", await _desk.FactsAsync("new/name"), StringComparison.Ordinal);
        // An old list that still has the old name is about the same model, and changes no name.
        await _desk.SeeAsync("2024-06-01", Row("old/name", "\"library_name\":\"filled\""));
        Assert.Equal(1, await _desk.ValueAsync<long>("SELECT count(*) FROM model"));
        Assert.Contains("filled", await _desk.FactsAsync("new/name"), StringComparison.Ordinal);
        // And another repository may take it.
        Assert.Equal(new(1, 0, 0, 0), await _desk.SeeAsync("2024-09-11", Row("old/name", $"\"_id\":\"{Second}\"")));
        Assert.Equal(0, await _desk.ValueAsync<long>("SELECT count(*) FROM model_alias"));
    }

    [Fact]
    public async Task ING_15_a_row_that_had_the_new_name_without_identity_was_the_same_model()
    {
        await _desk.SeeAsync("2024-07-11", Row("old/name", $"\"_id\":\"{First}\""), Row("new/name", "\"library_name\":\"x\",\"tags\":[\"license:mit\"]"), Row("child/c", "\"tags\":[\"base_model:new/name\"]"));
        Assert.Equal(3, await _desk.ValueAsync<long>("SELECT count(*) FROM verdict"));
        await _desk.SeeAsync("2024-08-11", Row("new/name", $"\"_id\":\"{First}\""));
        Assert.Equal(2, await _desk.ValueAsync<long>("SELECT count(*) FROM model"));
        Assert.Contains("\"library_name\":\"x\"", await _desk.FactsAsync("new/name"), StringComparison.Ordinal);
        Assert.True(await _desk.ValueAsync<long>("SELECT count(*) FROM verdict JOIN model ON model.id = model_id WHERE repo_id = 'new/name'") >= 2);
    }

    [Fact]
    public async Task A_rename_within_one_page_ends_under_the_later_name()
    {
        Assert.Equal(new(1, 1, 0, 0), await _desk.SeeAsync(
            "2024-07-11",
            Row("new/name", $"\"_id\":\"{First}\",\"lastModified\":\"2024-05-01T00:00:00Z\""),
            Row("old/name", $"\"_id\":\"{First}\",\"lastModified\":\"2024-01-01T00:00:00Z\"")));
        Assert.Equal("new/name", await _desk.ValueAsync<string>("SELECT repo_id FROM model"));
        Assert.Equal("old/name", await _desk.ValueAsync<string>("SELECT alias FROM model_alias"));
    }

    [Fact]
    public async Task An_id_without_owner_is_an_alias_of_its_model_or_stands_under_no_owner()
    {
        await _desk.SeeAsync("2022-02-21", Row("gpt2"), Row("nobody-knows"));
        Assert.Equal(0, (await _desk.SeeAsync("2024-07-11", Row("openai-community/gpt2"))).Stored);
        var model = await _desk.ModelAsync("openai-community/gpt2");
        Assert.Equal(model.Id, await _desk.ValueAsync<int>("SELECT model_id FROM model_alias WHERE alias = 'gpt2' AND reason = 2"));
        Assert.Equal("_", await _desk.ValueAsync<string>("SELECT name FROM model JOIN term ON term.id = author_id WHERE repo_id = '_/nobody-knows'"));
        Assert.Equal("nobody-knows", await _desk.ValueAsync<string>("SELECT alias FROM model_alias JOIN model ON model.id = model_id WHERE repo_id = '_/nobody-knows'"));
        await _desk.SeeAsync("2024-07-11", Row("google-bert/bert-base-uncased"));
        Assert.Equal(1, await _desk.ValueAsync<long>("SELECT count(*) FROM model_alias WHERE alias = 'bert-base-uncased'"));
    }

    [Fact]
    public async Task ING_17_three_changes_of_licence_are_three_dated_verdicts()
    {
        await _desk.SeeAsync("2024-01-01", Row("a/b", $"\"tags\":[\"license:mit\"],\"sha\":\"{new string('1', 40)}\",\"library_name\":\"transformers\""));
        await _desk.SeeAsync("2024-02-01", Row("a/b", $"\"tags\":[\"license:cc-by-nc-4.0\"],\"sha\":\"{new string('2', 40)}\",\"library_name\":\"transformers\""));
        await _desk.SeeAsync("2024-02-02", Row("a/b", $"\"tags\":[\"license:cc-by-nc-4.0\",\"new-tag\"],\"sha\":\"{new string('4', 40)}\",\"library_name\":\"transformers\""));
        await _desk.SeeAsync("2024-03-01", Row("a/b", $"\"tags\":[\"license:mit\"],\"sha\":\"{new string('3', 40)}\",\"library_name\":\"transformers\""));
        await using var db = _desk.Context();
        var history = await db.Verdicts.OrderBy(row => row.Id).Join(db.Licenses, row => row.LicenseId, license => license.Id, (row, license) => new { license.Key, row.ObservedAt.Month, row.Revision })
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([("mit", 1, '1'), ("cc-by-nc-4.0", 2, '2'), ("mit", 3, '3')], history.Select(row => (row.Key, row.Month, row.Revision?[0] ?? '-')));
    }

    [Fact]
    public async Task DAT_14_one_poison_row_among_a_thousand_is_set_aside_and_the_others_are_stored()
    {
        await _desk.DoAsync("ALTER TABLE model ADD CONSTRAINT no_poison CHECK (repo_id <> 'poison/row')");
        var rows = Enumerable.Range(0, 999).Select(n => Row($"a/b{n}", $"\"tags\":[\"tag{n}\"]")).Append(Row("poison/row", "\"tags\":[\"own\"]")).ToArray();
        Assert.Equal(new(999, 0, 0, 1), await _desk.SeeAsync("2024-07-11", rows));
        Assert.Equal(999, await _desk.ValueAsync<long>("SELECT count(*) FROM model"));
        Assert.StartsWith("the database refuses it: ", await _desk.ValueAsync<string>("SELECT reason FROM quarantine WHERE position = 'poison/row'"), StringComparison.Ordinal);
        Assert.Equal(new(1, 0, 0, 0), await _desk.SeeAsync("2024-07-11", Row("c/d", "\"tags\":[\"own\",\"tag3\"]")));
        Assert.Equal(0, await _desk.ValueAsync<long>("SELECT count(*) FROM model, unnest(tag_ids) AS tag WHERE NOT EXISTS (SELECT FROM term WHERE id = tag)"));
    }

    [Fact]
    public async Task A_page_that_fails_leaves_nothing_behind_and_can_be_written_again()
    {
        await _desk.DoAsync("ALTER TABLE crawl_cursor ADD CONSTRAINT broken CHECK (pages < 0)");
        var page = CatalogDesk.Page("2024-07-11", Row("a/b", "\"tags\":[\"x\"]")) with
        {
            Cursor = new() { Source = "test", State = CrawlState.Running, Pages = 1, Read = 1, Cursor = "1" },
        };
        await Assert.ThrowsAsync<PostgresException>(() => _desk.Writer.WriteAsync(page, TestContext.Current.CancellationToken));
        Assert.Equal(0, await _desk.ValueAsync<long>("SELECT count(*) FROM model"));
        await _desk.DoAsync("ALTER TABLE crawl_cursor DROP CONSTRAINT broken");
        Assert.Equal(new(1, 0, 0, 0), await _desk.Writer.WriteAsync(page, TestContext.Current.CancellationToken));
        Assert.Equal(1, await _desk.ValueAsync<long>("SELECT stored FROM crawl_cursor WHERE cursor = '1' AND read = 1 AND quarantined = 0"));
    }

    [Fact]
    public async Task ING_12_what_cannot_be_read_is_kept_once_with_reason_and_bytes()
    {
        await _desk.SeeAsync("2024-07-11", "{\"id\":17}", Row("a/b"), "{\"id\":17}", "[]");
        Assert.Equal(2, await _desk.ValueAsync<long>("SELECT count(*) FROM quarantine"));
        Assert.Equal("{\"id\":17}", Encoding.UTF8.GetString(await _desk.ValueAsync<byte[]>("SELECT raw FROM quarantine WHERE reason = 'no id'")));
        Assert.Equal(1, await _desk.ValueAsync<long>("SELECT count(*) FROM model"));
    }

    [Fact]
    public async Task Hostile_rows_are_stored_mended_and_nothing_in_the_tables_is_infinite()
    {
        var tags = string.Join(',', Enumerable.Range(0, 200_001).Select(n => $"\"t{n}\""));
        var result = await _desk.SeeAsync(
            "2024-07-11",
            Row("a/zero", "\"tags\":[\"x\\u0000y\",\"\\ud800\"],\"author\":\"\\u0000\",\"pipeline_tag\":\"\\u0000\",\"z\\u0000\":\"\\udfff\",\"cardData\":{\"license\":\"\\u0000\\ud800\"}"),
            Row("a/dates", "\"createdAt\":\"0001-01-01T00:00:00Z\",\"lastModified\":\"9999-12-31T23:59:59.9999999+14:00\""),
            Row("a/numbers", "\"downloads\":1e400,\"likes\":99999999999,\"trendingScore\":-1,\"safetensors\":{\"total\":1e30},\"usedStorage\":1e200000,\"free\":1e131071"),
            Row("a/tags", $"\"tags\":[{tags}]"),
            Row("a/\u202Egnp", $"\"tags\":[\"{new string('x', 100_000)}\"],\"library_name\":\"{new string('y', 1_000_000)}\""));
        Assert.Equal(new(5, 0, 0, 0), result);
        Assert.Equal(0, await _desk.ValueAsync<long>("SELECT count(*) FROM model WHERE NOT isfinite(created_at) OR NOT isfinite(modified_at) OR NOT isfinite(observed_at)"));
        Assert.Equal(1_000, await _desk.ValueAsync<int>("SELECT cardinality(tag_ids) FROM model WHERE repo_id = 'a/tags'"));
        Assert.Contains("\"tagsTotal\":200001", await _desk.FactsAsync("a/tags"), StringComparison.Ordinal);
        Assert.True(await _desk.ValueAsync<int>("SELECT max(length(json)) FROM model_facts") < 100_000);
    }

    [Fact]
    public async Task A_model_that_was_taken_down_keeps_its_facts_and_comes_back_when_it_is_seen_again()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/b", "\"library_name\":\"x\""));
        await _desk.SeeAsync("2026-08-22", Row("a/b", "\"_radar\":{\"removed\":true}"));
        Assert.Equal(RepoState.Gone, (await _desk.ModelAsync("a/b")).State);
        await _desk.SeeAsync("2025-01-01", Row("a/b", "\"library_name\":\"y\""));
        Assert.Equal(RepoState.Gone, (await _desk.ModelAsync("a/b")).State);
        Assert.Contains("\"library_name\":\"y\"", await _desk.FactsAsync("a/b"), StringComparison.Ordinal);
        await _desk.SeeAsync("2026-09-01", Row("a/b", "\"library_name\":\"y\""));
        Assert.Equal(RepoState.Listed, (await _desk.ModelAsync("a/b")).State);
    }

    [Fact]
    public async Task A_newer_tag_overtakes_the_licence_of_an_older_card()
    {
        await _desk.SeeAsync("2024-01-01", Row("a/b", "\"cardData\":{\"license\":\"mit\"},\"tags\":[\"license:mit\"],\"library_name\":\"transformers\""));
        await _desk.SeeAsync("2025-01-01", Row("a/b", "\"tags\":[\"license:cc-by-nc-4.0\"],\"library_name\":\"transformers\""));
        var model = await _desk.ModelAsync("a/b");
        Assert.False(model.Conflict);
        Assert.Equal("cc-by-nc-4.0", await _desk.ValueAsync<string>("SELECT key FROM license JOIN model ON license.id = license_id"));
        Assert.Contains("\"cardData\":{\"license\":[\"mit\"]}", await _desk.FactsAsync("a/b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_is_kept_and_read_and_an_older_one_does_not_replace_it()
    {
        await _desk.SeeAsync("2024-01-01", Row("a/b", "\"library_name\":\"transformers\""));
        async Task<PageResult> See(string day, string card) => await _desk.Writer.WriteAsync(
            CatalogDesk.Page(day, Row("a/b")) with { Cards = [new("a/b", card)] }, TestContext.Current.CancellationToken);
        Assert.Equal(new(0, 1, 0, 0), await See("2024-03-01", "---\nlicense: cc-by-nc-4.0\n---\n# Thing"));
        Assert.Equal("cc-by-nc-4.0", await _desk.ValueAsync<string>("SELECT key FROM license JOIN model ON license.id = license_id"));
        var before = await _desk.VersionsAsync();
        Assert.Equal(new(0, 0, 1, 0), await See("2024-03-01", "---\nlicense: cc-by-nc-4.0\n---\n# Thing"));
        Assert.Equal(before, await _desk.VersionsAsync());
        await See("2024-02-01", "---\nlicense: mit\n---\n");
        Assert.StartsWith("---\nlicense: cc-by-nc", await _desk.ValueAsync<string>("SELECT text FROM model_card"), StringComparison.Ordinal);
        // A list row that says nothing about a licence does not make the card unread.
        await _desk.SeeAsync("2024-04-01", Row("a/b", "\"tags\":[\"x\"]"));
        Assert.Equal("cc-by-nc-4.0", await _desk.ValueAsync<string>("SELECT key FROM license JOIN model ON license.id = license_id"));
    }

    [Fact]
    public async Task Two_writers_at_once_store_every_row_once()
    {
        using var other = new CatalogWriter(_desk.Database, TimeProvider.System);
        var rows = Enumerable.Range(0, 300).Select(n => Row($"a/b{n}", $"\"tags\":[\"t{n % 7}\"],\"downloads\":{n}")).ToArray();
        var results = await Task.WhenAll(
            _desk.Writer.WriteAsync(CatalogDesk.Page("2024-07-11", rows), TestContext.Current.CancellationToken),
            other.WriteAsync(CatalogDesk.Page("2024-07-11", [.. rows.Reverse()]), TestContext.Current.CancellationToken));
        Assert.Equal((300, 300), (results.Sum(result => result.Stored), results.Sum(result => result.Unchanged)));
    }

    /// <summary>Of each model the levels in its row, which are those in its verdict.</summary>
    private async Task<List<(AxisLevel WeightsLevel, AxisLevel LicenseLevel, AxisLevel CodeLevel, AxisLevel DataLevel, int? ContextLength)>> LevelsAsync()
    {
        await using var db = _desk.Context();
        var rows = await db.Models.AsNoTracking().OrderBy(model => model.Id).ToListAsync(TestContext.Current.CancellationToken);
        var verdicts = await db.Verdicts.OrderBy(verdict => verdict.ModelId).Select(verdict => verdict.Document).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            verdicts.Select(document => JsonSerializer.Deserialize(document, VerdictJson.Default.Verdict)?.Axes),
            rows.Select(row => new AxisLevels(row.WeightsLevel.Word(), row.LicenseLevel.Word(), row.CodeLevel.Word(), row.DataLevel.Word())));
        return rows.ConvertAll(row => (row.WeightsLevel, row.LicenseLevel, row.CodeLevel, row.DataLevel, row.ContextLength));
    }

    private static string Row(string id, string more = "\"likes\":1") => $$"""{"id":"{{id}}",{{more}}}""";
}
