using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Web.Jobs;

/// <summary>Makes the stored schedule equal to <see cref="JobSchedule"/>: adds, changes and removes. Offline, what would fetch is removed as well.</summary>
internal sealed partial class JobRegistrar(IRecurringJobManager jobs, JobStorage storage, IOptions<HubOptions> hub, TimeProvider clock, ILogger<JobRegistrar> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                Register();
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away: the site has to come up all the same, and so does this once it is back.
                LogLater(e.Message);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private void Register()
    {
        var wanted = JobSchedule.All.Where(entry => !entry.Fetches || !hub.Value.Offline).ToList();
        using (var connection = storage.GetConnection())
        {
            foreach (var id in connection.GetRecurringJobs().Select(job => job.Id).Except(wanted.Select(entry => entry.Id))) jobs.RemoveIfExists(id);
        }
        foreach (var entry in wanted) jobs.AddOrUpdate(entry.Id, entry.Job, entry.Cron, new() { TimeZone = TimeZoneInfo.Utc });
        foreach (var entry in wanted.Where(entry => entry.AtStart)) jobs.Trigger(entry.Id);
        LogRegistered(wanted.Count, JobSchedule.All.Count - wanted.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} recurring jobs; {Left} left out because this process is offline")]
    private partial void LogRegistered(int count, int left);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The schedule cannot be stored yet: {Reason}")]
    private partial void LogLater(string reason);
}
