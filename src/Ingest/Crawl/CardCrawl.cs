using System.Diagnostics;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Reads the cards and licence files that are worth it most, as long as the hub's budget for files lasts. A model of which nothing can be had is noted and not asked for again soon.</summary>
internal sealed class CardCrawl(HubClient hub, CardQueue queue, CatalogWriter catalog, TimeProvider clock)
{
    public const string Source = "hub/models/cards";

    private const int AtOnce = 50;
    private const int FailuresInARow = 3;
    private static readonly TimeSpan Settled = TimeSpan.FromDays(1), Old = TimeSpan.FromDays(60);
    private static readonly string RowSource = new CrawlPlan(HubRepoKind.Models, CrawlMode.Full).RowSource;

    public async Task<CrawlSlice> RunAsync(CrawlPace pace, CancellationToken cancellationToken)
    {
        var (started, done, failures) = (Stopwatch.GetTimestamp(), new CrawlSlice(CrawlEnd.Done, 0, 0, PageResult.None), 0);
        while (await NextAsync(cancellationToken) is [_, ..] models)
        {
            foreach (var model in models)
            {
                if (Stopwatch.GetElapsedTime(started) >= pace.Slice && done.Read > 0) return done with { End = CrawlEnd.More };
                if (!await pace.StillMine(cancellationToken)) return done;
                var card = await hub.GetCardAsync(model.RepoId, null, pace.Patience, cancellationToken);
                if (card.Outcome == HubOutcome.Busy) return done with { End = CrawlEnd.Later, RetryAt = card.RetryAt };
                var unreached = card.Outcome is HubOutcome.Unavailable or HubOutcome.BadToken or HubOutcome.Offline;
                failures = unreached || card.Outcome == HubOutcome.Unusable ? failures + 1 : 0;
                if (failures == FailuresInARow) return done with { End = CrawlEnd.Partial, Detail = card.Detail };
                if (unreached) continue;
                var license = card.Outcome is HubOutcome.Found or HubOutcome.Absent && model.License is { } path ? await hub.GetTextAsync(model.RepoId, path, null, pace.Patience, cancellationToken) : null;
                if (license is { Outcome: HubOutcome.Busy, RetryAt: var at }) return done with { End = CrawlEnd.Later, RetryAt = at };
                done = done with { Read = done.Read + 1, Written = done.Written + await StoreAsync(model, card.Value, license?.Value, cancellationToken) };
            }
        }
        return done;
    }

    /// <summary>Reads the card of one model now. Null when the hub is not known to list it.</summary>
    public async Task<HubReply<string>?> ReadOneAsync(string repoId, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (await queue.FindAsync(repoId, cancellationToken) is not { } model) return null;
        var card = await hub.GetCardAsync(model.RepoId, null, patience, cancellationToken);
        if (card.Outcome is not (HubOutcome.Found or HubOutcome.Absent)) return card;
        var license = model.License is { } path ? await hub.GetTextAsync(model.RepoId, path, null, patience, cancellationToken) : null;
        await StoreAsync(model, card.Value, license?.Value, cancellationToken);
        return card;
    }

    private Task<List<UnreadCard>> NextAsync(CancellationToken cancellationToken) => queue.NextAsync(Now - Settled, Now - Old, AtOnce, cancellationToken);

    private async Task<PageResult> StoreAsync(UnreadCard model, string? card, string? license, CancellationToken cancellationToken)
    {
        var written = PageResult.None;
        if (card is not null || license is not null)
        {
            var read = new HubCard(model.RepoId, CleanText.Of(card ?? "", CardEvidence.LongestCard), License: license is not null && model.License is { } path ? new RepoText(path, CleanText.Of(license, CardEvidence.LongestCard)) : null);
            written = await catalog.WriteAsync(new(RowSource, clock.GetUtcNow(), [], [], [], null) { Cards = [read] }, cancellationToken);
        }
        await queue.VisitedAsync(model.Id, Now, cancellationToken);
        return written;
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}
