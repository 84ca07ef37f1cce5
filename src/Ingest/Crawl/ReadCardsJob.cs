using Hangfire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>A slice of reading cards and licence files, and the next one behind it.</summary>
internal sealed partial class ReadCardsJob(CardCrawl crawl, CrawlLock locks, IBackgroundJobClient jobs, IOptions<SyncOptions> options, ILogger<ReadCardsJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var slice = await SliceAsync(cancellationToken);
        if (slice.End == CrawlEnd.More) jobs.Enqueue<ReadCardsJob>(job => job.RunAsync(CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) jobs.Schedule<ReadCardsJob>(job => job.RunAsync(CancellationToken.None), at);
    }

    private async Task<CrawlSlice> SliceAsync(CancellationToken cancellationToken)
    {
        await using var turn = await locks.TryTakeAsync(CardCrawl.Source, cancellationToken);
        if (turn is null) return CrawlSlice.Idle;
        var slice = await crawl.RunAsync(new(options.Value.Slice, options.Value.Patience) { StillMine = turn.IsHeldAsync }, cancellationToken);
        if (slice.End == CrawlEnd.Partial) LogStopped(slice.Detail);
        else if (slice.Read > 0) LogRead(slice.Read, slice.Written.Merged);
        return slice;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Asked for {Count} cards; {News} had news")]
    private partial void LogRead(long count, int news);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading cards stopped: {Reason}")]
    private partial void LogStopped(string? reason);
}
