using System.Linq.Expressions;
using Hangfire.Common;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.ModelsDev;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest;

/// <summary>Every recurring job and its cadence (UTC), in one list.</summary>
public static class IngestSchedule
{
    public static IReadOnlyList<ScheduledJob> All { get; } =
    [
        // Hourly, although a full crawl is made once a week: it also picks up one that ended with a gap.
        Fetch<SyncModelsJob>("hub-models-full", "5 * * * *", job => job.RunAsync(CrawlMode.Full, CancellationToken.None), atStart: true),
        Fetch<SyncModelsJob>("hub-models-recent", "*/20 * * * *", job => job.RunAsync(CrawlMode.Recent, CancellationToken.None)),
        Fetch<SyncModelsJob>("hub-models-trending", "35 * * * *", job => job.RunAsync(CrawlMode.Trending, CancellationToken.None)),
        Fetch<SyncDatasetsJob>("hub-datasets-full", "15 * * * *", job => job.RunAsync(CrawlMode.Full, CancellationToken.None)),
        Fetch<SyncDatasetsJob>("hub-datasets-recent", "45 * * * *", job => job.RunAsync(CrawlMode.Recent, CancellationToken.None)),
        Fetch<SyncServicesJob>("models-dev", "10 3 * * *", job => job.RunAsync(CancellationToken.None), atStart: true),
        Own<JudgeDueJob>("models-due", "* * * * *", job => job.RunAsync(CancellationToken.None)),
        Own<ReclassifyJob>("models-rules", "50 2 * * *", job => job.RunAsync(CancellationToken.None), atStart: true),
        Own<CountDayJob>("catalogue-day", "50 23 * * *", job => job.RunAsync(CancellationToken.None), atStart: true),
        Fetch<ReadCodeJob>("code-repositories", "55 * * * *", job => job.RunAsync(CancellationToken.None)),
        Fetch<ReadCardsJob>("hub-cards", "*/10 * * * *", job => job.RunAsync(CancellationToken.None)),
        Fetch<CheckVanishedJob>("hub-models-vanished", "25 4 * * *", job => job.RunAsync(HubRepoKind.Models, CancellationToken.None)),
        Fetch<CheckVanishedJob>("hub-datasets-vanished", "45 4 * * *", job => job.RunAsync(HubRepoKind.Datasets, CancellationToken.None)),
    ];

    /// <summary>Not on the schedule: reads one repository, as somebody has asked.</summary>
    public static Job ReadModel(string repoId) => Job.FromExpression<ReadModelJob>(job => job.RunAsync(repoId, CancellationToken.None));

    private static ScheduledJob Fetch<T>(string id, string cron, Expression<Func<T, Task>> call, bool atStart = false) => new(id, cron, Job.FromExpression(call), true, atStart);

    private static ScheduledJob Own<T>(string id, string cron, Expression<Func<T, Task>> call, bool atStart = false) => new(id, cron, Job.FromExpression(call), false, atStart);
}

/// <param name="Fetches">It asks the hub or another site, so <c>--offline</c> leaves it out.</param>
/// <param name="AtStart">Also once when the server starts.</param>
public sealed record ScheduledJob(string Id, string Cron, Job Job, bool Fetches, bool AtStart);
