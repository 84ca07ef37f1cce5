using Hangfire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Looks after the models, or the datasets, that a full crawl no longer met.</summary>
internal sealed partial class CheckVanishedJob(VanishedCheck check, CrawlLock locks, IBackgroundJobClient jobs, IOptions<SyncOptions> options, ILogger<CheckVanishedJob> logger)
{
    public async Task RunAsync(HubRepoKind kind, CancellationToken cancellationToken)
    {
        var slice = await SliceAsync(kind, cancellationToken);
        if (slice.End == CrawlEnd.More) jobs.Enqueue<CheckVanishedJob>(job => job.RunAsync(kind, CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) jobs.Schedule<CheckVanishedJob>(job => job.RunAsync(kind, CancellationToken.None), at);
    }

    private async Task<CrawlSlice> SliceAsync(HubRepoKind kind, CancellationToken cancellationToken)
    {
        await using var turn = await locks.TryTakeAsync(VanishedCheck.SourceOf(kind), cancellationToken);
        if (turn is null) return CrawlSlice.Idle;
        var slice = await check.RunAsync(kind, new(options.Value.Slice, options.Value.Patience), cancellationToken);
        if (slice.End == CrawlEnd.Partial) LogStopped(VanishedCheck.SourceOf(kind), slice.Detail);
        return slice;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source}: {Reason}")]
    private partial void LogStopped(string source, string? reason);
}
