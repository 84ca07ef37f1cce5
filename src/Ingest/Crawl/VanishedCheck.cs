using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>
/// Asks the hub about each model, or each dataset, that the last full crawl did not meet. Too many of them, and nothing is asked or marked: then the crawl is in doubt, not they.
/// </summary>
internal sealed class VanishedCheck(UnmetRepos unmet, RepoVisit visit, CrawlLedger ledger, TimeProvider clock, IOptions<SyncOptions> options)
{
    private const int AtOnce = 100;
    private const int FailuresInARow = 3;

    /// <summary>Name of the cursor and of the lock.</summary>
    public static string SourceOf(HubRepoKind kind) => $"{new CrawlPlan(kind, CrawlMode.Full).RowSource}/vanished";

    public async Task<CrawlSlice> RunAsync(HubRepoKind kind, CrawlPace pace, CancellationToken cancellationToken)
    {
        var full = new CrawlPlan(kind, CrawlMode.Full);
        if (await ledger.FindAsync(full.Source, cancellationToken) is not { State: CrawlState.Done, FinishedAt: { } crawled } crawl) return CrawlSlice.Idle;
        var before = await ledger.FindAsync(SourceOf(kind), cancellationToken);
        var resumed = before?.StartedAt >= crawled;
        if (resumed && before?.Cursor is null) return CrawlSlice.Idle;

        var run = new Run(full, resumed && before is not null ? before.StartedAt : Now, DateOnly.FromDateTime(crawl.StartedAt), resumed ? int.Parse(before?.Cursor ?? "0", CultureInfo.InvariantCulture) : 0);
        if (!resumed && await TooManyAsync(run, cancellationToken) is { } reason) return await EndAsync(run, CrawlEnd.Partial, reason, 0, cancellationToken);
        return await VisitAsync(run, pace, cancellationToken);
    }

    private async Task<string?> TooManyAsync(Run run, CancellationToken cancellationToken)
    {
        var (known, missing) = await unmet.CountAsync(run.Full, run.Day, cancellationToken);
        var limit = options.Value.VanishingLimit;
        return missing <= known * limit
            ? null
            : FormattableString.Invariant($"The last full crawl did not meet {missing} of {known} {Words(run.Full.Kind)}, more than {limit:P0}. None of them was marked. Raise Atlas__Sync__VanishingLimit if that is right.");
    }

    private async Task<CrawlSlice> VisitAsync(Run run, CrawlPace pace, CancellationToken cancellationToken)
    {
        var (started, visited, failures) = (Stopwatch.GetTimestamp(), 0, 0);
        while (await unmet.NextAsync(run.Full, run.Day, run.After, AtOnce, cancellationToken) is [_, ..] repos)
        {
            foreach (var repo in repos)
            {
                if (Stopwatch.GetElapsedTime(started) >= pace.Slice && visited > 0) return await EndAsync(run, CrawlEnd.More, null, visited, cancellationToken);
                var reply = await visit.MakeAsync(run.Full.Kind, repo, pace.Patience, cancellationToken);
                if (reply.Outcome == HubOutcome.Busy) return await EndAsync(run, CrawlEnd.Later, null, visited, cancellationToken) with { RetryAt = reply.RetryAt };
                failures = reply.Outcome is HubOutcome.Unavailable or HubOutcome.Unusable or HubOutcome.BadToken or HubOutcome.Offline ? failures + 1 : 0;
                if (failures == FailuresInARow) return await EndAsync(run, CrawlEnd.Partial, reply.Detail, visited, cancellationToken);
                run = run with { After = repo.Id };
                visited++;
            }
        }
        return await EndAsync(run, CrawlEnd.Done, null, visited, cancellationToken);
    }

    private async Task<CrawlSlice> EndAsync(Run run, CrawlEnd end, string? detail, int visited, CancellationToken cancellationToken)
    {
        var ended = end is CrawlEnd.Done or CrawlEnd.Partial;
        await ledger.SaveAsync(new()
        {
            Source = SourceOf(run.Full.Kind),
            Cursor = ended ? null : run.After.ToString(CultureInfo.InvariantCulture),
            State = end switch { CrawlEnd.Done => CrawlState.Done, CrawlEnd.Partial => CrawlState.Partial, _ => CrawlState.Running },
            StartedAt = run.StartedAt,
            HeartbeatAt = Now,
            FinishedAt = ended ? Now : null,
            Read = visited,
            Error = detail,
        }, cancellationToken);
        return new(end, 0, visited, PageResult.None, detail);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static string Words(HubRepoKind kind) => kind == HubRepoKind.Models ? "models" : "datasets";

    /// <param name="Day">What was last seen before it was not met.</param>
    private sealed record Run(CrawlPlan Full, DateTime StartedAt, DateOnly Day, int After);
}
