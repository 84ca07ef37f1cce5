using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>One job's worth of a crawl: takes the lock, runs a slice, says what came of it.</summary>
internal sealed partial class CrawlShift(HubCrawl crawl, CrawlLock locks, IOptions<SyncOptions> options, IOptions<HubOptions> hub, ILogger<CrawlShift> logger)
{
    /// <summary>Idle when another process is at it: whoever holds the lock also starts the next slice.</summary>
    public async Task<CrawlSlice> RunAsync(CrawlPlan plan, CancellationToken cancellationToken)
    {
        if (hub.Value.Offline) return CrawlSlice.Idle;
        await using var turn = await locks.TryTakeAsync(plan.Source, cancellationToken);
        if (turn is null) return CrawlSlice.Idle;
        var slice = await crawl.RunAsync(plan, new(options.Value.Slice, options.Value.Patience) { StillMine = turn.IsHeldAsync }, cancellationToken);
        if (slice.End == CrawlEnd.Partial) LogPartial(plan.Source, slice.Detail);
        if (slice.End != CrawlEnd.Idle) LogSlice(plan.Source, slice.End, slice.Pages, slice.Read, slice.Written.Stored, slice.Written.Merged, slice.Written.Unchanged, slice.Written.Quarantined);
        return slice;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source}: {End}; {Pages} pages, {Read} rows read: {Stored} stored, {Merged} merged, {Unchanged} unchanged, {Quarantined} quarantined")]
    private partial void LogSlice(string source, CrawlEnd end, int pages, long read, int stored, int merged, int unchanged, int quarantined);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} ended with a gap and goes on there next time: {Reason}")]
    private partial void LogPartial(string source, string? reason);
}
