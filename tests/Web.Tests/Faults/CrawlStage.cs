using System.Diagnostics;
using System.Globalization;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using Npgsql;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>A hub, a database and the real program that crawls the one into the other, started again until it says that it is done.</summary>
internal sealed class CrawlStage(FakeHub hub, string database) : IAsyncDisposable
{
    private const int MostStarts = 200;

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Pooling = false });

    public static async Task<FakeHub> HubAsync(int models, int pageMilliseconds)
    {
        var hub = await FakeHub.StartAsync();
        foreach (var model in FakeModels.Make(models)) hub.Models.Add(model);
        hub.LargestPage = 50;
        // Not at once, so that there is a middle to be hit in.
        hub.Fail(async (context, answer) =>
        {
            await Task.Delay(pageMilliseconds, context.RequestAborted);
            await FakeHub.WriteAsync(context, answer);
        }, int.MaxValue);
        return hub;
    }

    /// <summary>Runs the crawl to its end, and at each of these moments, counted from the first page of a start, does <paramref name="fault"/>. Returns how many starts it took.</summary>
    public async Task<int> RunAsync(IReadOnlyList<TimeSpan> moments, Func<AtlasProcess, Task> fault)
    {
        for (var starts = 1; starts <= MostStarts; starts++)
        {
            var asked = hub.Log.Count;
            await using var worker = AtlasProcess.Start(["sync", "--once", "--full"], Environment);
            if (starts <= moments.Count)
            {
                while (hub.Log.Count == asked && !worker.HasEnded) await Task.Delay(5, Token);
                await Task.Delay(moments[starts - 1], Token);
                await fault(worker);
            }
            if (await worker.EndAsync(TimeSpan.FromMinutes(3)) == 0) return starts;
            Errors.AddRange(worker.Errors);
        }
        throw new TimeoutException($"The crawl was not done after {MostStarts} starts.");
    }

    /// <summary>One pass over everything, which has to end well.</summary>
    public async Task SyncAsync()
    {
        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["sync", "--once", "--full"], Environment);
        Assert.True(exitCode == 0, $"{exitCode}: {output} {errors}");
    }

    /// <summary>A server of jobs that crawls by its schedule, the full listing first.</summary>
    public AtlasProcess StartJobs(TimeSpan invisibility) => AtlasProcess.Start(["up", "--port", "0"], new Dictionary<string, string>(Environment)
    {
        ["Atlas__Roles"] = "jobs",
        ["Atlas__ModelsDev__Endpoint"] = hub.Endpoint,
        ["Atlas__Hub__Deadline"] = "00:05:00",
        ["Atlas__Jobs__Invisibility"] = invisibility.ToString("c", CultureInfo.InvariantCulture),
    });

    /// <summary>The crawl in the foreground, which does not end by itself.</summary>
    public AtlasProcess StartSync() => AtlasProcess.Start(["sync", "--full"], Environment);

    /// <summary>How often each page of the full listing was asked for, in the order of the first time.</summary>
    public static IReadOnlyList<KeyValuePair<string, int>> Pages(FakeHub hub) => [.. hub.Log.Where(request => IsFullListing(request.Path, request.Query)).CountBy(request => request.Query)];

    public static bool IsFullListing(string path, string query) => path == "/api/models" && query.Contains("sort=createdAt", StringComparison.Ordinal);

    /// <summary>Waits for the full crawl to be done.</summary>
    public Task DoneAsync(TimeSpan limit) => UntilAsync(
        async () => await ValueAsync<long>("SELECT count(*) FROM crawl_cursor WHERE source = 'hub/models/full' AND state = 2") == 1, limit, "The full crawl did not end");

    public static async Task UntilAsync(Func<Task<bool>> happened, TimeSpan limit, string otherwise)
    {
        for (var waited = Stopwatch.StartNew(); !await happened(); await Task.Delay(50, Token))
            if (waited.Elapsed > limit) Assert.Fail($"{otherwise} within {limit.TotalSeconds:0} s.");
    }

    /// <summary>For each program that is started from now on.</summary>
    public Dictionary<string, string> More { get; } = [];

    /// <summary>What the starts that failed have said.</summary>
    public List<string> Errors { get; } = [];

    public Task<string> ContentAsync() => ValueAsync<string>(CatalogContent.Query);

    public async Task<string> CursorAsync() => await ValueAsync<string>("SELECT concat_ws(' ', state, cursor, read, stored + unchanged, quarantined) FROM crawl_cursor WHERE source = 'hub/models/full'");

    public async Task<bool> AnswersAsync()
    {
        try
        {
            return await ValueAsync<int>("SELECT 1") == 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public async Task<T> ValueAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token) ?? throw new InvalidOperationException($"{sql} gave nothing."));
    }

    public static List<TimeSpan> Moments(int count, int seed, int longest)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => TimeSpan.FromMilliseconds(random.Next(longest)))];
    }

    private Dictionary<string, string> Environment => new(More)
    {
        ["ConnectionStrings__Atlas"] = database,
        ["Atlas__Hub__Endpoint"] = hub.Endpoint,
        ["Atlas__Hub__BatchSize"] = 50.ToString(CultureInfo.InvariantCulture),
        ["Atlas__Hub__RetryDelay"] = "00:00:00.010",
        ["DOTNET_TieredPGO"] = "0",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
