using System.Globalization;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Jobs;
using Npgsql;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>Jobs that can only fail, on a server of jobs with one worker. The pauses between their tries, minutes in all, are cut short in the table.</summary>
public sealed class PoisonJobTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JOB_09_A_job_that_always_fails_is_tried_five_times_then_listed_as_failed_and_holds_nobody_up()
    {
        await using var site = await StartAsync();
        await using var database = NpgsqlDataSource.Create(site.ConnectionString);
        var jobs = site.Services.GetRequiredService<IBackgroundJobClient>();
        var poison = jobs.Enqueue<PoisonJob>(job => job.Run());
        await UntilAsync(async () => await CountAsync(database, "SELECT count(*) FROM hangfire.state WHERE jobid = $1 AND name = 'Processing'", poison) > 0);
        var other = jobs.Enqueue<HarmlessJob>(job => job.Run());
        await UntilAsync(() => StateIsAsync(database, other, "Succeeded")); // while the first one still waits for its next try
        Assert.False(await StateIsAsync(database, poison, "Failed"));

        await FailAsync(database, poison);

        Assert.Equal(5, await CountAsync(database, "SELECT count(*) FROM hangfire.state WHERE jobid = $1 AND name = 'Processing'", poison));
        Assert.Contains(site.Services.GetRequiredService<JobStorage>().GetMonitoringApi().FailedJobs(0, 10), failed => failed.Key == poison && failed.Value.ExceptionMessage == PoisonJob.Complaint);
        Assert.Equal(0, await CountAsync(database, "SELECT count(*) FROM hangfire.set WHERE key = 'schedule' AND value = $1::text", poison)); // and that was the last of it
    }

    [Fact]
    public async Task JOB_10_A_job_of_a_type_that_is_no_longer_there_fails_alone()
    {
        await using var site = await StartAsync();
        await using var database = NpgsqlDataSource.Create(site.ConnectionString);
        var jobs = site.Services.GetRequiredService<IBackgroundJobClient>();
        var unknown = jobs.Schedule<HarmlessJob>(job => job.Run(), TimeSpan.FromDays(1));
        await using (var rename = database.CreateCommand("UPDATE hangfire.job SET invocationdata = replace(invocationdata::text, 'HarmlessJob', 'JobOfYesteryear')::jsonb WHERE id = $1"))
        {
            rename.Parameters.Add(new() { Value = long.Parse(unknown, CultureInfo.InvariantCulture) });
            Assert.Equal(1, await rename.ExecuteNonQueryAsync(Token));
        }
        jobs.Requeue(unknown);
        var other = jobs.Enqueue<HarmlessJob>(job => job.Run());

        await UntilAsync(() => StateIsAsync(database, other, "Succeeded"));
        await FailAsync(database, unknown);
    }

    private async Task<RunningSite> StartAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await HangfireStorage.InstallAsync(database, Token);
        return await RunningSite.StartAsync(database, "Jobs", ["--Atlas:Offline=true", "--Atlas:Jobs:Workers=1"]);
    }

    private static Task FailAsync(NpgsqlDataSource database, string job) => UntilAsync(async () =>
    {
        await using var hurry = database.CreateCommand("UPDATE hangfire.set SET score = 0 WHERE key = 'schedule' AND score > 0");
        await hurry.ExecuteNonQueryAsync(Token);
        return await StateIsAsync(database, job, "Failed");
    });

    private static async Task<bool> StateIsAsync(NpgsqlDataSource database, string job, string state) =>
        await CountAsync(database, $"SELECT count(*) FROM hangfire.job WHERE id = $1 AND statename = '{state}'", job) == 1;

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, string job)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = long.Parse(job, CultureInfo.InvariantCulture) });
        return (long)(await command.ExecuteScalarAsync(Token) ?? 0L);
    }

    private static Task UntilAsync(Func<Task<bool>> happened) => CrawlStage.UntilAsync(happened, TimeSpan.FromMinutes(1), "It did not happen");

    internal sealed class PoisonJob
    {
        public const string Complaint = "This job can only fail.";

        public void Run() => throw new InvalidOperationException(Complaint);
    }

    internal sealed class HarmlessJob
    {
        public void Run()
        {
        }
    }
}
