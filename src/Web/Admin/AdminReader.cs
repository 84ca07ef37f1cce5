using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Admin;

/// <summary>What the admin pages show of the catalogue's upkeep.</summary>
internal sealed class AdminReader(IDbContextFactory<AtlasDbContext> contexts, CatalogIndex index)
{
    public const int QuarantineRows = 50;

    public async Task<CatalogNumbers> NumbersAsync(CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return new(
            [.. CatalogWords.Classes.Select(kind => Count(snapshot, kind)).Where(item => item.Count > 0)],
            await db.Datasets.CountAsync(cancellationToken),
            await db.Models.MaxAsync(row => (DateTime?)row.ObservedAt, cancellationToken),
            await QuarantineCountAsync(cancellationToken));
    }

    /// <summary>What holds, overrides and all.</summary>
    private static ClassCount Count(CatalogSnapshot snapshot, Choice kind)
    {
        using var search = new CatalogSearch(snapshot, CatalogFilter.All.With("class", kind.Id));
        return new((Openness?)kind.Value, search.Total);
    }

    public async Task<int> QuarantineCountAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Quarantine.CountAsync(row => row.ReplayedAt == null, cancellationToken);
    }

    public async Task<IReadOnlyList<CrawlCursor>> CursorsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Cursors.AsNoTracking().OrderByDescending(row => row.HeartbeatAt).ThenBy(row => row.Source).Take(100).ToListAsync(cancellationToken);
    }

    /// <summary>The newest rows that wait for a mended reader.</summary>
    public async Task<IReadOnlyList<QuarantineRow>> QuarantineAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Quarantine.Where(row => row.ReplayedAt == null)
            .OrderByDescending(row => row.LastSeenAt).ThenByDescending(row => row.Id)
            .Take(QuarantineRows)
            .Select(row => new QuarantineRow(row.Id, row.Source, row.Position, row.Reason, row.RawLength, row.LastSeenAt))
            .ToListAsync(cancellationToken);
    }
}

internal sealed record CatalogNumbers(IReadOnlyList<ClassCount> Classes, int Datasets, DateTime? AsOf, int Quarantined)
{
    public int Models => Classes.Sum(item => item.Count);
}

internal sealed record ClassCount(Openness? Class, int Count);

internal sealed record QuarantineRow(long Id, string Source, string Position, string Reason, long RawLength, DateTime LastSeenAt);
