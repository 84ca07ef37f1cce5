using Hangfire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Looks after the models that a full crawl no longer met.</summary>
[AutomaticRetry(Attempts = 5)]
public sealed partial class CheckVanishedJob
{
    private readonly VanishedCheck _check;
    private readonly CrawlLock _locks;
    private readonly IBackgroundJobClient _jobs;
    private readonly SyncOptions _options;
    private readonly ILogger _logger;

    internal CheckVanishedJob(VanishedCheck check, CrawlLock locks, IBackgroundJobClient jobs, IOptions<SyncOptions> options, ILogger<CheckVanishedJob> logger) =>
        (_check, _locks, _jobs, _options, _logger) = (check, locks, jobs, options.Value, logger);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var slice = await SliceAsync(cancellationToken);
        if (slice.End == CrawlEnd.More) _jobs.Enqueue<CheckVanishedJob>(job => job.RunAsync(CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) _jobs.Schedule<CheckVanishedJob>(job => job.RunAsync(CancellationToken.None), at);
    }

    private async Task<CrawlSlice> SliceAsync(CancellationToken cancellationToken)
    {
        await using var turn = await _locks.TryTakeAsync(VanishedCheck.Source, cancellationToken);
        if (turn is null) return CrawlSlice.Idle;
        var slice = await _check.RunAsync(new(_options.Slice, _options.Patience), cancellationToken);
        if (slice.End == CrawlEnd.Partial) LogStopped(slice.Detail);
        return slice;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Models that were not met: {Reason}")]
    private partial void LogStopped(string? reason);
}
