using Hangfire;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>A slice of the crawl of models, and the next one behind it.</summary>
[AutomaticRetry(Attempts = 5)]
public sealed class SyncModelsJob
{
    private readonly CrawlShift _shift;
    private readonly IBackgroundJobClient _jobs;

    internal SyncModelsJob(CrawlShift shift, IBackgroundJobClient jobs) => (_shift, _jobs) = (shift, jobs);

    public async Task RunAsync(CrawlMode mode, CancellationToken cancellationToken)
    {
        var slice = await _shift.RunAsync(new(HubRepoKind.Models, mode), cancellationToken);
        if (slice.End == CrawlEnd.More) _jobs.Enqueue<SyncModelsJob>(job => job.RunAsync(mode, CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) _jobs.Schedule<SyncModelsJob>(job => job.RunAsync(mode, CancellationToken.None), at);
        if (slice.End == CrawlEnd.Done && mode == CrawlMode.Full) _jobs.Enqueue<CheckVanishedJob>(job => job.RunAsync(CancellationToken.None));
    }
}

/// <summary>The same for datasets.</summary>
[AutomaticRetry(Attempts = 5)]
public sealed class SyncDatasetsJob
{
    private readonly CrawlShift _shift;
    private readonly IBackgroundJobClient _jobs;

    internal SyncDatasetsJob(CrawlShift shift, IBackgroundJobClient jobs) => (_shift, _jobs) = (shift, jobs);

    public async Task RunAsync(CrawlMode mode, CancellationToken cancellationToken)
    {
        var slice = await _shift.RunAsync(new(HubRepoKind.Datasets, mode), cancellationToken);
        if (slice.End == CrawlEnd.More) _jobs.Enqueue<SyncDatasetsJob>(job => job.RunAsync(mode, CancellationToken.None));
        if (slice is { End: CrawlEnd.Later, RetryAt: { } at }) _jobs.Schedule<SyncDatasetsJob>(job => job.RunAsync(mode, CancellationToken.None), at);
    }
}
