using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>The real program under a clock that is an hour ahead of the database's, or behind it, by Debian's <c>faketime</c>.</summary>
public sealed class WrongClockTests(PostgresFixture postgres)
{
    private static readonly string? Faketime = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
        : null;

    [Fact]
    public async Task JOB_12_What_a_worker_an_hour_behind_finds_is_newer_than_what_one_an_hour_ahead_had_found()
    {
        SkipWithoutFaketime();
        await using var hub = await CrawlStage.HubAsync(models: 200, pageMilliseconds: 1);
        await using var stage = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        Shift(stage, "+1h");
        await stage.SyncAsync();
        Assert.InRange(await OffAsync(stage), 0, 300);

        var changed = hub.Models.All[50].Id;
        hub.Models.Change(changed, model => model["pipeline_tag"] = "depth-estimation");
        Shift(stage, "-1h");
        await stage.SyncAsync();

        Assert.Equal("depth-estimation", await stage.ValueAsync<string>($"SELECT name FROM model JOIN term ON term.id = task_id WHERE repo_id = '{changed}'"));
        Assert.InRange(await OffAsync(stage), 0, 300);
        Assert.True(await stage.ValueAsync<bool>("SELECT bool_and(started_at <= heartbeat_at AND heartbeat_at <= finished_at) FROM crawl_cursor"));
    }

    [Fact]
    public async Task JOB_12_Two_servers_of_jobs_two_hours_apart_crawl_once_and_measure_time_forward()
    {
        SkipWithoutFaketime();
        await using var hub = await CrawlStage.HubAsync(models: 1_000, pageMilliseconds: 100);
        await using var stage = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        Shift(stage, "+1h");
        await using var ahead = stage.StartJobs(TimeSpan.FromSeconds(10));
        Shift(stage, "-1h");
        await using var behind = stage.StartJobs(TimeSpan.FromSeconds(10));
        await stage.DoneAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(20, CrawlStage.Pages(hub).Count);
        Assert.All(CrawlStage.Pages(hub), page => Assert.Equal(1, page.Value));
        Assert.InRange(await OffAsync(stage), 0, 300);
        Assert.InRange(await stage.ValueAsync<double>("SELECT extract(epoch FROM finished_at - started_at)::float8 FROM crawl_cursor WHERE source = 'hub/models/full'"), 0, 180);
        Assert.Equal(0, await stage.ValueAsync<long>("SELECT count(*) FROM hangfire.state WHERE name = 'Succeeded' AND (data ->> 'PerformanceDuration')::bigint NOT BETWEEN 0 AND 180000"));
        Assert.False(ahead.HasEnded || behind.HasEnded);
    }

    /// <summary>How far the times in the catalogue are from the time of the database, in seconds.</summary>
    private static Task<double> OffAsync(CrawlStage stage) => stage.ValueAsync<double>(
        "SELECT greatest(max(abs(extract(epoch FROM now() - observed_at))), (SELECT max(abs(extract(epoch FROM now() - heartbeat_at))) FROM crawl_cursor))::float8 FROM model WHERE source = 'hub/models'");

    private static void SkipWithoutFaketime() => Assert.SkipWhen(Faketime is null, "A clock that is wrong needs libfaketime: apt-get install faketime.");

    private static void Shift(CrawlStage stage, string by)
    {
        stage.More["LD_PRELOAD"] = Faketime ?? "";
        stage.More["FAKETIME"] = by;
    }
}
