using System.Globalization;
using System.Text.Json.Nodes;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Crawl;

public sealed class HubCrawlTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ING_19_A_full_crawl_of_5000_models_equals_the_truth_of_the_hub_and_ING_20_a_second_one_writes_nothing()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 5_000, options => options.BatchSize = 1000);
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Done, 5, 5_000L, 5_000), (slice.End, slice.Pages, slice.Read, slice.Written.Stored));

        var stored = await bench.QueryAsync<string>(
            """
            SELECT concat_ws('|', hub_id, repo_id, author.name, task.name, library.name, (SELECT string_agg(tag.name, ',' ORDER BY tag.name COLLATE "C") FROM term AS tag WHERE tag.id = ANY (tag_ids)),
                to_char(created_at, 'YYYY-MM-DD HH24:MI:SS'), to_char(modified_at, 'YYYY-MM-DD HH24:MI:SS'), gating, parameters, downloads, likes, trending, state)
            FROM model JOIN model_counters ON model_id = model.id JOIN term AS author ON author.id = author_id
                LEFT JOIN term AS task ON task.id = task_id LEFT JOIN term AS library ON library.id = library_id
            """);
        Assert.Equal(bench.Hub.Models.All.Select(Line).Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
        var licensed = await bench.QueryAsync<string>("SELECT DISTINCT key FROM license JOIN model ON license_id = license.id");
        Assert.Contains("apache-2.0", licensed);
        Assert.Equal(5_000, await One(bench, "SELECT count(*) FROM verdict"));
        var cursor = await bench.CursorAsync(CrawlBench.Full);
        Assert.Equal((CrawlState.Done, null, 5, 5_000L, 5_000L, 0L, 0L), (cursor.State, cursor.Cursor, cursor.Pages, cursor.Read, cursor.Stored, cursor.Unchanged, cursor.Quarantined));

        const string Versions = "SELECT md5(string_agg(version, ',' ORDER BY version)) FROM (SELECT xmin::text || ctid::text AS version FROM model UNION ALL SELECT xmin::text || ctid::text FROM model_counters UNION ALL SELECT xmin::text || ctid::text FROM model_facts) AS rows";
        var before = await bench.QueryAsync<string>(Versions);
        slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Done, 5_000), (slice.End, slice.Written.Unchanged));
        Assert.Equal(before, await bench.QueryAsync<string>(Versions));
    }

    [Fact]
    public async Task JOB_01_A_crawl_that_was_cut_short_goes_on_at_its_cursor_and_reads_at_most_one_page_again()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 1_000);
        foreach (var pages in new[] { 3, 2, 1 })
        {
            using var kill = new CancellationTokenSource();
            var done = 0;
            var pace = CrawlBench.Endless with { OnPage = (_, _) => { if (++done == pages) kill.Cancel(); } };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.CrawlAsync(CrawlBench.Full, pace, kill.Token));
        }
        var rest = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Done, 4), (rest.End, rest.Pages));
        Assert.Equal(bench.Truth, await bench.IdsAsync());
        Assert.True(bench.Fetched.Values.Sum() <= 10 + 3 && bench.Fetched.Count == 10);
        Assert.Equal((10, 1_000L), ((await bench.CursorAsync(CrawlBench.Full)).Pages, (await bench.CursorAsync(CrawlBench.Full)).Read));
    }

    [Fact]
    public async Task A_slice_ends_when_its_time_is_up_and_the_next_goes_on()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 300);
        var pace = new CrawlPace(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal([CrawlEnd.More, CrawlEnd.More, CrawlEnd.Done, CrawlEnd.Idle], [
            (await bench.CrawlAsync(CrawlBench.Full, pace)).End, (await bench.CrawlAsync(CrawlBench.Full, pace)).End,
            (await bench.CrawlAsync(CrawlBench.Full, pace)).End, (await bench.CrawlAsync(CrawlBench.Full, pace)).End]);
        Assert.Equal(bench.Truth, await bench.IdsAsync());
    }

    [Fact]
    public async Task ING_05_A_page_that_cannot_be_had_leaves_a_gap_that_is_told_and_the_run_goes_on_there_later()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 1_000);
        var listed = 0;
        bench.Hub.Fail(FakeFaults.Status(504), int.MaxValue, request => request.Path == "/api/models" && Interlocked.Increment(ref listed) > 3);
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Partial, 3), (slice.End, slice.Pages));
        var cursor = await bench.CursorAsync(CrawlBench.Full);
        Assert.Equal(CrawlState.Partial, cursor.State);
        Assert.Contains("504", cursor.Error, StringComparison.Ordinal);
        Assert.NotNull(cursor.Cursor);
        Assert.Equal(300, (await bench.IdsAsync()).Length);
        Assert.InRange(bench.Hub.Log.Count, 4, 3 + 4 * 2);

        bench.Hub.Heal();
        var before = bench.Hub.Log.Count;
        Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Full)).End);
        Assert.Equal(bench.Truth, await bench.IdsAsync());
        Assert.All(bench.Hub.Log.Skip(before), request => Assert.Contains("cursor=", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_is_too_heavy_is_read_in_smaller_parts()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 500);
        bench.Hub.Fail(FakeFaults.Status(504), int.MaxValue, request => request.Query["cursor"].Count > 0 && request.Query["limit"] == "100");
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal(CrawlEnd.Done, slice.End);
        Assert.Equal(bench.Truth, await bench.IdsAsync());
        Assert.Equal(500, slice.Read);
    }

    [Fact]
    public async Task ING_06_A_cursor_that_the_hub_refuses_restarts_the_walk_and_nothing_is_missing()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 1_000);
        var listed = 0;
        bench.Hub.Fail(FakeFaults.Answer(FakeAnswer.Error(400, "Invalid cursor")), 1, request => request.Path == "/api/models" && Interlocked.Increment(ref listed) > 5);
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Done, 15), (slice.End, slice.Pages));
        Assert.Equal(bench.Truth, await bench.IdsAsync());
    }

    [Fact]
    public async Task ING_06_An_incremental_walk_restarts_down_to_its_mark()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 500);
        await bench.CrawlAsync(CrawlBench.Full);
        Change(bench, 250);
        var listed = 0;
        bench.Hub.Fail(FakeFaults.Answer(FakeAnswer.Error(400, "Invalid cursor")), 1, request => request.Path == "/api/models" && Interlocked.Increment(ref listed) == 3);
        var slice = await bench.CrawlAsync(CrawlBench.Recent);
        Assert.Equal(CrawlEnd.Done, slice.End);
        Assert.Equal(250, await One(bench, "SELECT count(*) FROM model WHERE modified_at > now() - interval '1 hour'"));
    }

    [Fact]
    public async Task A_hub_that_refuses_every_cursor_ends_the_run()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 500);
        bench.Hub.Fail(FakeFaults.Answer(FakeAnswer.Error(400, "Invalid cursor")), int.MaxValue, request => request.Query["cursor"].Count > 0);
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal(CrawlEnd.Partial, slice.End);
        Assert.InRange(bench.Hub.Log.Count, 2, 10);
    }

    [Theory]
    [InlineData("""{"error":"Internal error"}""")]
    [InlineData("<html></html>")]
    [InlineData("null")]
    [InlineData("[")]
    public async Task ING_10_Nonsense_in_mid_crawl_stores_and_deletes_nothing(string nonsense)
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 300);
        await bench.CrawlAsync(CrawlBench.Full);
        var before = await bench.QueryAsync<string>("SELECT md5(string_agg(model::text, '' ORDER BY id)) FROM model");
        bench.Hub.Fail(FakeFaults.Body(nonsense), int.MaxValue, request => request.Query["cursor"].Count > 0);
        Assert.Equal(CrawlEnd.Partial, (await bench.CrawlAsync(CrawlBench.Full)).End);
        Assert.Equal(before, await bench.QueryAsync<string>("SELECT md5(string_agg(model::text, '' ORDER BY id)) FROM model"));
        Assert.Equal(0, await One(bench, "SELECT count(*) FROM quarantine"));
    }

    [Fact]
    public async Task ING_12_What_was_seen_is_stored_or_in_quarantine_with_reason_and_raw()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 150);
        bench.Hub.Fail(FakeFaults.Rewrite(list => "[42,{\"id\":7},{\"noId\":true},\"x\"," + list[1..]));
        await bench.CrawlAsync(CrawlBench.Full);
        var cursor = await bench.CursorAsync(CrawlBench.Full);
        Assert.Equal((154L, 150L, 4L), (cursor.Read, cursor.Stored, cursor.Quarantined));
        Assert.Equal(bench.Truth, await bench.IdsAsync());
        var kept = await bench.QueryAsync<string>("SELECT position || ' ' || reason || ' ' || convert_from(raw, 'UTF8') FROM quarantine ORDER BY position");
        Assert.Equal(4, kept.Count);
        Assert.StartsWith("page 1, element 1 ", kept[0], StringComparison.Ordinal);
        Assert.EndsWith(" 42", kept[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ING_11_A_next_link_to_elsewhere_ends_the_run_with_what_was_read()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 300);
        bench.Hub.Fail(FakeFaults.Link("<https://evil.example/api/models?cursor=x>; rel=\"next\""));
        var slice = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal((CrawlEnd.Partial, 1), (slice.End, slice.Pages));
        Assert.Equal(100, (await bench.IdsAsync()).Length);
        Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Full)).End);
        Assert.Equal(bench.Truth, await bench.IdsAsync());
    }

    [Fact]
    public async Task ING_11_Links_that_go_in_a_circle_terminate()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 300);
        var turn = 0;
        bench.Hub.Fail((context, answer) => FakeFaults.Link($"</api/models?limit=100&sort=createdAt&cursor={turn++ % 2}>; rel=\"next\"")(context, FakeAnswer.Json(200, "[]")), int.MaxValue);
        Assert.Equal(CrawlEnd.Partial, (await bench.CrawlAsync(CrawlBench.Full)).End);
        Assert.InRange(bench.Hub.Log.Count, 2, 5);
    }

    [Fact]
    public async Task An_incremental_crawl_reads_what_changed_and_little_more()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 1_000);
        Assert.Equal(CrawlEnd.Idle, (await bench.CrawlAsync(CrawlBench.Recent)).End);
        await bench.CrawlAsync(CrawlBench.Full);
        Change(bench, 30);
        bench.Hub.Models.Change(bench.Hub.Models.All[^1].Id, model => model["lastModified"] = "2099-01-01T00:00:00.000Z");
        var asked = bench.Hub.Log.Count;
        var slice = await bench.CrawlAsync(CrawlBench.Recent);
        Assert.Equal((CrawlEnd.Done, 1), (slice.End, slice.Pages));
        Assert.InRange(slice.Written.Merged, 30, 31);
        Assert.Equal(asked + 1, bench.Hub.Log.Count);

        Change(bench, 5);
        slice = await bench.CrawlAsync(CrawlBench.Recent);
        Assert.Equal((CrawlEnd.Done, 1, 5), (slice.End, slice.Pages, slice.Written.Merged));
        var mark = (await bench.CursorAsync(CrawlBench.Recent)).HighWater;
        Assert.InRange(mark!.Value, bench.Clock.GetUtcNow().UtcDateTime.AddMinutes(-5), bench.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_killed_incremental_crawl_does_not_forget_the_middle()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 1_000);
        await bench.CrawlAsync(CrawlBench.Full);
        Change(bench, 450);
        Assert.Equal(CrawlEnd.More, (await bench.CrawlAsync(CrawlBench.Recent, new(TimeSpan.Zero, TimeSpan.Zero))).End);
        Change(bench, 20, from: 900);
        Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Recent)).End);
        Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Recent)).End);
        Assert.Equal(470, await One(bench, "SELECT count(*) FROM model WHERE modified_at > now() - interval '1 hour'"));
    }

    [Fact]
    public async Task Trending_and_datasets_are_read_too()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 300);
        for (var number = 0; number < 250; number++) bench.Hub.Datasets.Add(FakeModels.Dataset(number));
        Assert.Equal(1, (await bench.CrawlAsync(new(HubRepoKind.Models, CrawlMode.Trending))).Pages);
        Assert.Equal(250, (await bench.CrawlAsync(new(HubRepoKind.Datasets, CrawlMode.Full))).Written.Stored);
        Assert.Equal((100L, 250L), (await One(bench, "SELECT count(*) FROM model"), await One(bench, "SELECT count(*) FROM dataset")));
    }

    private static void Change(CrawlBench bench, int count, int from = 0)
    {
        foreach (var (at, repo) in bench.Hub.Models.All.OrderBy(repo => repo.HubId, StringComparer.Ordinal).Skip(from).Take(count).Index())
        {
            bench.Hub.Models.Change(repo.Id, model =>
            {
                model["lastModified"] = FakeRepo.Iso(bench.Clock.GetUtcNow().UtcDateTime.AddSeconds(-1).AddMilliseconds(-at));
                model["tags"] = new JsonArray("license:mit", $"turn:{Guid.NewGuid()}");
            });
        }
    }

    private static async Task<long> One(CrawlBench bench, string sql) => Assert.Single(await bench.QueryAsync<long>(sql));

    /// <summary>What the catalogue should hold, from the JSON that the hub serves.</summary>
    private static string Line(FakeRepo repo)
    {
        var model = repo.Document;
        string? task = (string?)model["pipeline_tag"], library = (string?)model["library_name"];
        var tags = model["tags"]!.AsArray().Select(tag => (string?)tag).Where(tag => tag != task && tag != library && tag!.StartsWith("license:", StringComparison.Ordinal) is false && tag != "region:us");
        var gating = model["gated"]!.GetValueKind() == System.Text.Json.JsonValueKind.False ? Gating.None : (string?)model["gated"] == "auto" ? Gating.Auto : Gating.Manual;
        string?[] fields =
        [
            repo.HubId, repo.Id, repo.Id.Split('/')[0], task, library, string.Join(',', tags.Order(StringComparer.Ordinal)), Date(repo.CreatedAt), Date(repo.LastModified), $"{(int)gating}",
            model["safetensors"]?["total"]?.ToString(), $"{model["downloads"]}", $"{model["likes"]}", $"{model["trendingScore"]}", "0",
        ];
        return string.Join('|', fields.OfType<string>().Where(field => field.Length > 0));

        static string Date(DateTime date) => date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
