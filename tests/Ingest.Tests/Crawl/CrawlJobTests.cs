using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Crawl;

public sealed class CrawlJobTests(PostgresFixture postgres)
{
    private static Task RunAsync(CrawlBench bench, CrawlMode mode = CrawlMode.Full) =>
        bench.Services.GetRequiredService<SyncModelsJob>().RunAsync(mode, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_finished_crawl_starts_the_check_of_what_it_did_not_meet()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 150);
        await RunAsync(bench);
        Assert.Equal(typeof(CheckVanishedJob), Assert.Single(bench.Jobs.Made).Job.Type);
        Assert.Equal(bench.Truth, await bench.IdsAsync());
        await RunAsync(bench);
        Assert.Single(bench.Jobs.Made);
    }

    [Fact]
    public async Task A_slice_that_ran_out_of_time_enqueues_the_next_and_JOB_10_its_arguments_are_numbers()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 150);
        bench.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SyncOptions>>().Value.Slice = TimeSpan.Zero;
        await RunAsync(bench);
        var (job, state) = Assert.Single(bench.Jobs.Made);
        Assert.Equal((typeof(SyncModelsJob), CrawlMode.Full), (job.Type, job.Args[0]));
        Assert.IsType<EnqueuedState>(state);
    }

    [Fact]
    public async Task A_used_up_budget_frees_the_worker_and_schedules_the_rest_for_when_it_is_back()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 150);
        bench.Hub.Fail(FakeFaults.Status(429, ("RateLimit", "\"api\";r=0;t=240")), when: request => request.Query["cursor"].Count > 0);
        var started = TimeProvider.System.GetTimestamp();
        await RunAsync(bench);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        var scheduled = Assert.IsType<ScheduledState>(Assert.Single(bench.Jobs.Made).State);
        Assert.InRange((scheduled.EnqueueAt - TimeProvider.System.GetUtcNow().UtcDateTime).TotalSeconds, 200, 250);
        Assert.Equal(CrawlState.Running, (await bench.CursorAsync(CrawlBench.Full)).State);
    }

    [Fact]
    public async Task JOB_06_Of_two_workers_with_the_same_job_one_does_it()
    {
        await using var first = await CrawlBench.StartAsync(postgres, 1_000);
        var second = first.Sibling();
        await Task.WhenAll(RunAsync(first), RunAsync(second));
        Assert.All(first.Fetched, page => Assert.Equal(1, page.Value));
        Assert.Equal(10, first.Fetched.Count);
        Assert.Equal(1, first.Jobs.Made.Count + second.Jobs.Made.Count);
        Assert.Equal(first.Truth, await first.IdsAsync());
        await second.Services.DisposeAsync();
    }

    [Fact]
    public async Task JOB_08_The_lock_of_a_killed_holder_is_free_at_once()
    {
        await using var bench = await CrawlBench.StartAsync(postgres);
        var locks = bench.Services.GetRequiredService<CrawlLock>();
        await using var held = await locks.TryTakeAsync("x", TestContext.Current.CancellationToken);
        Assert.NotNull(held);
        Assert.Null(await locks.TryTakeAsync("x", TestContext.Current.CancellationToken));
        await using (var other = await locks.TryTakeAsync("y", TestContext.Current.CancellationToken)) Assert.NotNull(other);

        // What the server sees of a kill -9: the connection is gone.
        await using var admin = NpgsqlDataSource.Create(bench.Database);
        await using var cut = admin.CreateCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        Assert.Equal(1L, await cut.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        var started = TimeProvider.System.GetTimestamp();
        CrawlTurn? next = null;
        while (next is null) next = await locks.TryTakeAsync("x", TestContext.Current.CancellationToken);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
        Assert.False(await held.IsHeldAsync(TestContext.Current.CancellationToken));
        Assert.True(await next.IsHeldAsync(TestContext.Current.CancellationToken));
        await next.DisposeAsync();
    }

    [Fact]
    public async Task An_offline_process_runs_no_crawl_that_was_left_in_the_queue()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 50, options => options.Offline = true);
        await RunAsync(bench);
        await bench.Services.GetRequiredService<SyncDatasetsJob>().RunAsync(CrawlMode.Full, TestContext.Current.CancellationToken);
        await bench.Services.GetRequiredService<CheckVanishedJob>().RunAsync(HubRepoKind.Models, TestContext.Current.CancellationToken);
        Assert.Empty(bench.Hub.Log);
        Assert.Empty(bench.Jobs.Made);
    }

    [Fact]
    public async Task NET_07_After_a_hostile_run_the_token_is_in_no_table_log_line_or_job()
    {
        const string Canary = "hf_" + "CANARYabcdefghijklmnopqrstuvwxyz";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Canary, TestContext.Current.CancellationToken);
        await using var bench = await CrawlBench.StartAsync(postgres, 400, options =>
        {
            options.TokenFile = file;
            options.Retries = 1;
        });
        bench.Hub.Token = Canary;
        foreach (var fault in new[]
        {
            FakeFaults.Status(500), FakeFaults.Answer(FakeAnswer.Error(403, $"The token {Canary} may not")), FakeFaults.Answer(FakeAnswer.Error(401, $"Bad {Canary}")),
            FakeFaults.CutGzip, FakeFaults.Redirect($"https://evil.example/?{Canary}"), FakeFaults.Link($"<https://evil.example/?t={Canary}>; rel=\"next\""), FakeFaults.Body($$"""{"error":"{{Canary}}"}"""),
        })
        {
            bench.Hub.Fail(fault, times: 2);
            await RunAsync(bench);
            bench.Hub.Heal();
        }
        await RunAsync(bench);
        Assert.Contains(bench.Hub.Log, request => request.Authorization == $"Bearer {Canary}");

        var tables = await bench.QueryAsync<string>("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'");
        Assert.Contains("crawl_cursor", tables);
        foreach (var table in tables)
            Assert.Equal(0, Assert.Single(await bench.QueryAsync<long>($"SELECT count(*) FROM \"{table}\" AS row WHERE row::text LIKE '%CANARY%' OR row::text LIKE '%{Convert.ToHexStringLower("CANARY"u8)}%'")));
        Assert.NotEmpty(bench.Log.Lines);
        Assert.DoesNotContain(bench.Log.Lines, line => line.Contains("CANARY", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Jobs.Made, made => made.Job.Args.Any(argument => $"{argument}".Contains("CANARY", StringComparison.Ordinal)));
        File.Delete(file);
    }
}
