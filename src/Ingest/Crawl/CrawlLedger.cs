using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Says where a crawl goes on, or whether one is due. A page brings its own row with it; only what happens between pages is saved here.</summary>
internal sealed class CrawlLedger(IDbContextFactory<AtlasDbContext> contexts, IOptions<SyncOptions> options, IOptions<HubOptions> hub, TimeProvider clock)
{
    public async Task<CrawlCursor?> FindAsync(string source, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Cursors.AsNoTracking().SingleOrDefaultAsync(row => row.Source == source, cancellationToken);
    }

    public async Task SaveAsync(CrawlCursor row, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Entry(row).State = await db.Cursors.AnyAsync(known => known.Source == row.Source, cancellationToken) ? EntityState.Modified : EntityState.Added;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The run that is under way, else a new one if it is due or <paramref name="now"/>; null when there is nothing to do.</summary>
    public async Task<CrawlRun?> OpenAsync(CrawlPlan plan, bool fromStart, bool now, CancellationToken cancellationToken)
    {
        var before = await FindAsync(plan.Source, cancellationToken);
        var mark = plan.Mode == CrawlMode.Recent
            ? before?.HighWater ?? (await FindAsync((plan with { Mode = CrawlMode.Full }).Source, cancellationToken))?.StartedAt
            : before?.HighWater;
        if (plan.Mode == CrawlMode.Recent && mark is null) return null;
        var floor = plan.Mode == CrawlMode.Recent ? mark - options.Value.Overlap : null;

        if (!fromStart && before is not null && CrawlPosition.Read(before.Cursor) is { } position)
        {
            return new(plan, hub.Value.BatchSize, position, before.StartedAt, mark, floor)
            {
                Pages = before.Pages,
                Read = before.Read,
                Written = new((int)before.Stored, 0, (int)before.Unchanged, (int)before.Quarantined),
            };
        }
        var startedAt = clock.GetUtcNow().UtcDateTime;
        if (!fromStart && !now && plan.Mode == CrawlMode.Full && before is { State: CrawlState.Done } && startedAt - before.StartedAt < options.Value.FullEvery) return null;
        return new(plan, hub.Value.BatchSize, new(plan.First(hub.Value.BatchSize)), startedAt, mark, floor);
    }
}
