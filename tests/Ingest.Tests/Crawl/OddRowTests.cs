using System.Text.Json.Nodes;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Crawl;

/// <summary>Rows that are well-formed and make no sense, from the hub into the tables.</summary>
public sealed class OddRowTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ING_18_Dates_that_make_no_sense_give_no_date_ahead_of_us_and_what_was_observed_later_stands()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 20);
        var now = bench.Clock.GetUtcNow().UtcDateTime;
        bench.Hub.Models.Add(Model("odd/backwards", created: "2024-05-01T00:00:00.000Z", modified: "2023-01-01T00:00:00.000Z", "mit"));
        bench.Hub.Models.Add(Model("odd/tonight", created: "2024-05-01T00:00:00.000Z", modified: FakeRepo.Iso(now.AddHours(12)), "mit"));
        bench.Hub.Models.Add(Model("odd/one-day", created: "2099-01-01T00:00:00.000Z", modified: "2099-01-02T00:00:00.000Z", "mit"));
        Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Full)).End);

        Assert.Equal(0, await One<long>(bench, "SELECT count(*) FROM model WHERE greatest(created_at, modified_at) > now() + interval '1 day' OR NOT isfinite(created_at) OR NOT isfinite(modified_at)"));
        Assert.Equal(0, await One<long>(bench, "SELECT count(*) FROM model WHERE observed_at > now()"));
        Assert.Equal("2024-05-01|2023-01-01", await DatesAsync(bench, "odd/backwards"));
        Assert.Equal("", await DatesAsync(bench, "odd/one-day"));

        // A day later each says something else, with an older date of its own than it had before.
        bench.Clock.Ahead = TimeSpan.FromDays(1);
        foreach (var id in new[] { "odd/backwards", "odd/tonight", "odd/one-day" })
            bench.Hub.Models.Change(id, model => (model["lastModified"], model["tags"]) = ("2022-06-01T00:00:00.000Z", new JsonArray("transformers", "license:cc-by-nc-4.0")));
        Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Full)).End);
        Assert.Equal(
            ["odd/backwards: mit, cc-by-nc-4.0", "odd/one-day: mit, cc-by-nc-4.0", "odd/tonight: mit, cc-by-nc-4.0"],
            await bench.QueryAsync<string>(
                """
                SELECT repo_id || ': ' || string_agg(key, ', ' ORDER BY verdict.observed_at, verdict.id) FROM verdict JOIN model ON model_id = model.id JOIN license ON license.id = verdict.license_id
                WHERE repo_id LIKE 'odd/%' GROUP BY repo_id ORDER BY repo_id COLLATE "C"
                """));
        Assert.Equal("2024-05-01|2022-06-01", await DatesAsync(bench, "odd/tonight"));
        Assert.Equal(3, await One<long>(bench, "SELECT count(*) FROM model JOIN license ON license.id = license_id WHERE repo_id LIKE 'odd/%' AND key = 'cc-by-nc-4.0'"));
    }

    [Fact]
    public async Task DAT_05_08_16_A_row_of_huge_numbers_200001_tags_and_100001_files_is_stored_small_with_what_it_had_and_its_neighbours_too()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 20, options => options.DetailBytes = options.ListBytes);
        bench.Hub.Models.Add(Huge("odd/huge"));
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Done, 21L, 21, 0), (slice.End, slice.Read, slice.Written.Stored, slice.Written.Quarantined));
        Assert.InRange(await One<int>(bench, "SELECT octet_length(json) FROM model_facts JOIN model ON model.id = model_id WHERE repo_id = 'odd/huge'"), 1_000, 1_000_000);
        var facts = await One<string>(bench, "SELECT convert_from(json, 'UTF8') FROM model_facts JOIN model ON model.id = model_id WHERE repo_id = 'odd/huge'");
        Assert.Contains("200001", facts, StringComparison.Ordinal);
        Assert.Contains("100001", facts, StringComparison.Ordinal);
        Assert.InRange(await One<int>(bench, "SELECT cardinality(tag_ids) FROM model WHERE repo_id = 'odd/huge'"), 900, HubLimits.Tags);
        Assert.InRange(await One<int>(bench, "SELECT max(octet_length(name)) FROM term"), 1, HubLimits.TagLength * 4);
    }

    [Fact]
    public async Task DAT_04_Sizes_and_counts_at_their_limit_still_add_up()
    {
        await using var bench = await CrawlBench.StartAsync(postgres);
        for (var number = 0; number < 20; number++)
        {
            var model = Model($"odd/heavy-{number}", "2024-05-01T00:00:00.000Z", "2024-05-02T00:00:00.000Z", "mit");
            (model["downloads"], model["likes"]) = (JsonNode.Parse("9223372036854775807"), JsonNode.Parse("99999999999999999999"));
            model["siblings"] = new JsonArray([.. Enumerable.Range(0, 50).Select(file => new JsonObject { ["rfilename"] = $"model-{file}.safetensors", ["size"] = JsonNode.Parse("9223372036854775807") })]);
            bench.Hub.Models.Add(model);
        }
        Assert.Equal((CrawlEnd.Done, 20), await bench.CrawlAsync(CrawlBench.Full) is var slice ? (slice.End, slice.Written.Stored) : default);
        Assert.Equal(20 * HubLimits.Count, await One<long>(bench, "SELECT sum(downloads)::bigint FROM model_counters"));
    }

    /// <summary>At the limits of what a list may hold, with numbers that would be 131 kB when written out.</summary>
    private static JsonObject Huge(string id)
    {
        var model = Model(id, "2024-05-01T00:00:00.000Z", "2024-05-02T00:00:00.000Z", "mit");
        model["tags"] = new JsonArray([.. Enumerable.Range(0, 200_000).Select(number => JsonValue.Create($"word{number}")), JsonValue.Create("license:mit")]);
        model["siblings"] = new JsonArray([.. Enumerable.Range(0, 100_001).Select(number => new JsonObject { ["rfilename"] = $"part/{number}.bin" })]);
        model["config"] = new JsonObject { ["scale"] = JsonNode.Parse("1e131071"), ["other"] = JsonNode.Parse("-1e200000") };
        model["cardData"] = new JsonObject { ["weight"] = JsonNode.Parse("1e131071"), ["license"] = "mit" };
        return model;
    }

    private static JsonObject Model(string id, string created, string modified, string license) => new()
    {
        ["_id"] = $"{Math.Abs(string.GetHashCode(id, StringComparison.Ordinal)):x24}",
        ["id"] = id,
        ["createdAt"] = created,
        ["lastModified"] = modified,
        ["library_name"] = "transformers",
        ["tags"] = new JsonArray("transformers", $"license:{license}"),
        ["siblings"] = new JsonArray(new JsonObject { ["rfilename"] = "model.safetensors" }),
    };

    private static async Task<string> DatesAsync(CrawlBench bench, string id) =>
        await One<string>(bench, $"SELECT concat_ws('|', to_char(created_at, 'YYYY-MM-DD'), to_char(modified_at, 'YYYY-MM-DD')) FROM model WHERE repo_id = '{id}'");

    private static async Task<T> One<T>(CrawlBench bench, string sql) => Assert.Single(await bench.QueryAsync<T>(sql));
}
