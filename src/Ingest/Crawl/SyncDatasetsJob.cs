using Hangfire;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>A slice of the crawl of datasets, and the next one behind it.</summary>
internal sealed class SyncDatasetsJob(CrawlShift shift, IBackgroundJobClient jobs)
{
    public async Task RunAsync(CrawlMode mode, CancellationToken cancellationToken)
    {
        var slice = await shift.RunAsync(new(HubRepoKind.Datasets, mode), cancellationToken);
        if (slice.End == CrawlEnd.More) jobs.Enqueue<SyncDatasetsJob>(job => job.RunAsync(mode, CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) jobs.Schedule<SyncDatasetsJob>(job => job.RunAsync(mode, CancellationToken.None), at);
        if (slice.End == CrawlEnd.Done && mode == CrawlMode.Full) jobs.Enqueue<CheckVanishedJob>(job => job.RunAsync(HubRepoKind.Datasets, CancellationToken.None));
    }
}
