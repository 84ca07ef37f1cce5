using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>The crawl without Hangfire: the same runs, cursors and locks, for as long as it takes.</summary>
public sealed class ForegroundSync
{
    private readonly HubCrawl _crawl;
    private readonly VanishedCheck _vanished;
    private readonly CrawlLedger _ledger;
    private readonly CrawlLock _locks;

    private readonly CatalogWriter _catalog;

    internal ForegroundSync(HubCrawl crawl, VanishedCheck vanished, CrawlLedger ledger, CrawlLock locks, CatalogWriter catalog) =>
        (_crawl, _vanished, _ledger, _locks, _catalog) = (crawl, vanished, ledger, locks, catalog);

    /// <summary>One pass: models, then datasets; all of them with <paramref name="full"/> or when that was never finished, else what changed since.</summary>
    /// <param name="onPage">Told after each page: the source, and pages and rows of its run so far.</param>
    /// <returns>By source; null where another process is at it.</returns>
    public async IAsyncEnumerable<(string Source, CrawlSlice? Slice)> PassAsync(
        bool full, Action<string, int, long> onPage, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var kind in new[] { HubRepoKind.Models, HubRepoKind.Datasets })
        {
            var plan = new CrawlPlan(kind, CrawlMode.Full);
            var never = (await _ledger.FindAsync(plan.Source, cancellationToken))?.State is not CrawlState.Done;
            if (!full && !never) plan = plan with { Mode = CrawlMode.Recent };
            var slice = await TakeTurnAsync(plan.Source, mine => _crawl.RunAsync(plan, Endless with { Now = full, StillMine = mine, OnPage = (pages, rows) => onPage(plan.Source, pages, rows) }, cancellationToken), cancellationToken);
            yield return (plan.Source, slice);
            if (slice?.End != CrawlEnd.Done || plan.Mode != CrawlMode.Full) continue;
            var check = VanishedCheck.SourceOf(kind);
            yield return (check, await TakeTurnAsync(check, _ => _vanished.RunAsync(kind, Endless, cancellationToken), cancellationToken));
        }
        await _catalog.SettleAsync(cancellationToken);
    }

    private static CrawlPace Endless => new(TimeSpan.FromDays(30), TimeSpan.FromDays(30));

    private async Task<CrawlSlice?> TakeTurnAsync(string source, Func<Func<CancellationToken, Task<bool>>, Task<CrawlSlice>> run, CancellationToken cancellationToken)
    {
        await using var turn = await _locks.TryTakeAsync(source, cancellationToken);
        return turn is null ? null : await run(turn.IsHeldAsync);
    }
}
