using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Crawl;

/// <summary>Whatever the hub or the line to the database does in mid crawl, the catalogue ends as that of a clean run.</summary>
public sealed class FaultyCrawlTests(PostgresFixture postgres)
{
    private const int Models = 600;

    /// <summary>The same for every fault, so it is made once.</summary>
    private static CleanRun? _clean;

    private static readonly Dictionary<string, Action<FakeHub>> Faults = new()
    {
        ["429 with its wait"] = hub => hub.Fail(FakeFaults.Status(429, ("RateLimit", "\"api\";r=0;t=1")), 2, Mid),
        ["429 without a word"] = hub => hub.Fail(FakeFaults.Status(429), 3, Mid),
        ["a burst of 5xx"] = hub =>
        {
            foreach (var status in new[] { 500, 502, 503, 504, 500, 502, 503 }) hub.Fail(FakeFaults.Status(status), 1, Mid);
        },
        ["504 for one cursor"] = hub =>
        {
            string? stuck = null;
            hub.Fail(FakeFaults.Status(504), int.MaxValue, request => Mid(request) && (stuck ??= request.Query["cursor"]) == request.Query["cursor"]);
        },
        ["a slow body"] = hub => hub.Fail(FakeFaults.Drip(TimeSpan.FromMilliseconds(20)), 1, Mid),
        ["a body cut by its length"] = hub => hub.Fail(FakeFaults.CutLength, 3, Mid),
        ["a body cut between chunks"] = hub => hub.Fail(FakeFaults.CutChunks, 3, Mid),
        ["a body cut in its gzip"] = hub => hub.Fail(FakeFaults.CutGzip, 3, Mid),
        ["a reset"] = hub => hub.Fail(FakeFaults.Reset, 3, Mid),
        ["a refused cursor"] = hub => hub.Fail(FakeFaults.Answer(FakeAnswer.Error(400, "Invalid cursor")), 1, Mid),
        ["hostile elements"] = hub => hub.Fail(FakeFaults.Rewrite(list => $"[42,{{\"id\":\"{new string('x', 400)}\"}},{{\"id\":{{\"a\":1}}}},\"x\",{Deep(2_000)}," + list[1..]), 2, Mid),
        ["all of it by chance"] = hub => hub.FailAtRandom(0.35, seed: 11),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_crawl_through_a_fault_ends_in_the_catalogue_of_a_clean_one(string fault)
    {
        var clean = _clean ??= await CleanAsync();
        await using var bench = await CrawlBench.StartAsync(postgres, Models, options => options.Deadline = TimeSpan.FromSeconds(2));
        Faults[fault](bench.Hub);

        var runs = 0;
        for (var end = CrawlEnd.More; end != CrawlEnd.Done && runs < 10; runs++)
        {
            end = (await bench.CrawlAsync(CrawlBench.Full)).End;
            if (end == CrawlEnd.Partial && fault.StartsWith("504", StringComparison.Ordinal)) bench.Hub.Heal();
        }

        Assert.Equal(clean.Content, await bench.ContentAsync());
        var cursor = await bench.CursorAsync(CrawlBench.Full);
        Assert.Equal(CrawlState.Done, cursor.State);
        Assert.Equal(fault == "hostile elements" ? 10 : 0, cursor.Quarantined);
        Assert.Equal(cursor.Read, cursor.Stored + cursor.Unchanged + cursor.Quarantined);
        Assert.True(bench.Hub.Log.Count > clean.Asked || fault == "hostile elements", "the fault was not met");
    }

    [Fact]
    public async Task JOB_05_A_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice()
    {
        await using var clean = await CrawlBench.StartAsync(postgres, Models);
        await clean.CrawlAsync(CrawlBench.Full);
        await using var proxy = new DatabaseProxy(await postgres.CreateDatabaseAsync()) { Loses = commit => commit % 3 == 2 };
        await using var bench = await CrawlBench.StartAsync(proxy.ConnectionString, Models);

        var cuts = 0;
        while (cuts < 20)
        {
            try
            {
                if ((await bench.CrawlAsync(CrawlBench.Full)).End == CrawlEnd.Done) break;
            }
            catch (NpgsqlException)
            {
                cuts++;
            }
        }

        Assert.True(cuts >= 2 && proxy.Lost == cuts, $"{cuts} failures of {proxy.Lost} lost answers");
        Assert.Equal(await clean.ContentAsync(), await bench.ContentAsync());
        var (expected, found) = (await clean.CursorAsync(CrawlBench.Full), await bench.CursorAsync(CrawlBench.Full));
        Assert.Equal((expected.Pages, expected.Read, expected.Stored, expected.Unchanged), (found.Pages, found.Read, found.Stored, found.Unchanged));
        Assert.All(bench.Fetched, page => Assert.Equal(1, page.Value)); // a page that was committed is not read again
    }

    private async Task<CleanRun> CleanAsync()
    {
        await using var clean = await CrawlBench.StartAsync(postgres, Models);
        Assert.Equal(CrawlEnd.Done, (await clean.CrawlAsync(CrawlBench.Full)).End);
        return new(await clean.ContentAsync(), clean.Hub.Log.Count);
    }

    private static bool Mid(Microsoft.AspNetCore.Http.HttpRequest request) => request.Query["cursor"].Count > 0;

    private static string Deep(int levels) => new string('[', levels) + new string(']', levels);

    private sealed record CleanRun(string Content, int Asked);
}
