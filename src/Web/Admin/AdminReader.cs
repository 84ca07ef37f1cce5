using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Admin;

/// <summary>What the admin pages show of the catalogue's upkeep.</summary>
internal sealed class AdminReader(IDbContextFactory<AtlasDbContext> contexts)
{
    public const int QuarantineRows = 50;

    public async Task<CatalogNumbers> NumbersAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var classes = await db.Models.GroupBy(row => row.Class)
            .Select(group => new { Class = group.Key, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return new(
            [.. classes.OrderBy(item => item.Class is null).ThenBy(item => item.Class).Select(item => new ClassCount(item.Class, item.Count))],
            await db.Datasets.CountAsync(cancellationToken),
            await db.Models.MaxAsync(row => (DateTime?)row.ObservedAt, cancellationToken),
            await QuarantineCountAsync(cancellationToken));
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
