using Hangfire.Common;
using ModelAtlas.Ingest;
using ModelAtlas.Web.Webhooks;

namespace ModelAtlas.Web.Jobs;

/// <summary>All that runs by itself: the ingest's jobs, and those of the site.</summary>
internal static class JobSchedule
{
    public static IReadOnlyList<ScheduledJob> All { get; } =
        [.. IngestSchedule.All, new("webhooks", "* * * * *", Job.FromExpression<DeliverWebhooksJob>(job => job.RunAsync(CancellationToken.None)), Fetches: true, AtStart: false)];
}
