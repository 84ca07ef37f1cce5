using System.Diagnostics;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Reads a listing page by page into the catalogue. One page is one transaction with the cursor in it, so a kill loses at most the page in hand.</summary>
internal sealed class HubCrawl(HubClient hub, CatalogWriter catalog, CrawlLedger ledger, TimeProvider clock)
{
    public async Task<CrawlSlice> RunAsync(CrawlPlan plan, CrawlPace pace, CancellationToken cancellationToken)
    {
        if (await ledger.OpenAsync(plan, pace.FromStart, pace.Now, cancellationToken) is not { } run) return CrawlSlice.Idle;
        var (started, asked, done) = (Stopwatch.GetTimestamp(), new HashSet<string>(StringComparer.Ordinal), new CrawlSlice(CrawlEnd.More, 0, 0, PageResult.None));
        do
        {
            if (!await pace.StillMine(cancellationToken)) return done;
            if (!asked.Add(run.Position.Next)) run = await SaveAsync(run.Stop("The listing leads back to a page that was read already."), cancellationToken);
            else
            {
                var reply = await hub.ListAsync(run.Position.Next, pace.Patience, cancellationToken);
                if (reply.Outcome == HubOutcome.Busy) return done with { End = CrawlEnd.Later, RetryAt = reply.RetryAt };
                if (reply.Value is { } page)
                {
                    var (next, written) = await StoreAsync(run, page, cancellationToken);
                    done = done with { Pages = done.Pages + 1, Read = done.Read + page.Rows, Written = done.Written + written };
                    run = next;
                    pace.OnPage(run.Pages, run.Read);
                }
                else
                {
                    if (reply.Outcome == HubOutcome.Refused) asked.Clear();
                    run = await SaveAsync(AfterFailure(run, reply), cancellationToken);
                }
            }
            if (run.State != CrawlState.Running) return done with { End = run.State == CrawlState.Done ? CrawlEnd.Done : CrawlEnd.Partial, Detail = run.Error };
        }
        while (Stopwatch.GetElapsedTime(started) < pace.Slice);
        return done;
    }

    private async Task<(CrawlRun, PageResult)> StoreAsync(CrawlRun run, HubPage page, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var next = run.Taken(page, now.UtcDateTime);
        var unreadable = page.Unreadable.Select(element => element with { Position = $"page {next.Pages}, {element.Position}" }).ToList();
        var written = await catalog.WriteAsync(new(run.Plan.RowSource, now, page.Models, page.Datasets, unreadable, next.Row(now.UtcDateTime)), cancellationToken);
        return (next with { Written = next.Written + written }, written);
    }

    /// <summary>The row alone: a restart, a smaller page, a gap.</summary>
    private async Task<CrawlRun> SaveAsync(CrawlRun run, CancellationToken cancellationToken)
    {
        await ledger.SaveAsync(run.Row(clock.GetUtcNow().UtcDateTime), cancellationToken);
        return run;
    }

    private static CrawlRun AfterFailure(CrawlRun run, HubReply<HubPage> reply) => reply.Outcome switch
    {
        HubOutcome.Refused => run.Refused(reply.Detail),
        HubOutcome.TooLarge or HubOutcome.Unavailable or HubOutcome.Unusable when run.Smaller() is { } smaller => smaller,
        HubOutcome.BadToken => run.Stop($"{reply.Detail} Check the token file."),
        _ => run.Stop(reply.Detail ?? $"The hub answers with {reply.Outcome}."),
    };
}
