using Hangfire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Looks after the models that a full crawl no longer met.</summary>
internal sealed partial class CheckVanishedJob(VanishedCheck check, CrawlLock locks, IBackgroundJobClient jobs, IOptions<SyncOptions> options, ILogger<CheckVanishedJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var slice = await SliceAsync(cancellationToken);
        if (slice.End == CrawlEnd.More) jobs.Enqueue<CheckVanishedJob>(job => job.RunAsync(CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) jobs.Schedule<CheckVanishedJob>(job => job.RunAsync(CancellationToken.None), at);
    }

    private async Task<CrawlSlice> SliceAsync(CancellationToken cancellationToken)
    {
        await using var turn = await locks.TryTakeAsync(VanishedCheck.Source, cancellationToken);
        if (turn is null) return CrawlSlice.Idle;
        var slice = await check.RunAsync(new(options.Value.Slice, options.Value.Patience), cancellationToken);
        if (slice.End == CrawlEnd.Partial) LogStopped(slice.Detail);
        return slice;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Models that were not met: {Reason}")]
    private partial void LogStopped(string? reason);
}
