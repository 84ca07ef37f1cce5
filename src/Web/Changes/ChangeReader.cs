using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Changes;

/// <summary>
/// Class and licence changes, out of the append-only verdicts, newest first. Most verdicts are their model's first or say the same as before, so the table is walked
/// backwards in stretches by its key, and a page that found little within its reach says where to go on.
/// </summary>
internal sealed class ChangeReader(CatalogStore store, CatalogPulse pulse, IMemoryCache cache)
{
    private const long Stretch = 20_000;
    private const int MostStretches = 5;

    /// <summary>So many verdicts are looked at for one page, and for the total.</summary>
    public const long Reach = Stretch * MostStretches;

    public Task<ChangePage> ReadAsync(ChangeFilter filter, CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
        var end = Math.Min(filter.Cursor ?? long.MaxValue, newest + 1);
        List<CatalogChange> found = [];
        for (var stretch = 0; stretch < MostStretches && end > 1 && found.Count <= filter.Size; stretch++)
        {
            var start = Math.Max(1, end - Stretch);
            found.AddRange(await Changes(db, filter, start, end).Take(filter.Size + 1 - found.Count).ToListAsync(cancellationToken));
            end = start;
        }
        var shown = found.Take(filter.Size).ToList();
        return new ChangePage(shown, found.Count > filter.Size ? shown[^1].Id : end > 1 ? end : null);
    }, cancellationToken);

    /// <summary>How many there are within reach of the newest verdict.</summary>
    public async Task<int> CountAsync(ChangeFilter filter, CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        return await cache.GetOrCreateAsync((nameof(ChangeReader), rev, filter.Kind, filter.Org), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
            return store.ReadAsync(async db =>
            {
                var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
                return await Changes(db, filter, newest - Reach, newest + 1).CountAsync(cancellationToken);
            }, cancellationToken);
        });
    }

    private static IQueryable<CatalogChange> Changes(AtlasDbContext db, ChangeFilter filter, long start, long end)
    {
        var verdicts = db.Verdicts.Where(verdict => verdict.Id >= start && verdict.Id < end && db.Verdicts.Any(past => past.ModelId == verdict.ModelId && past.Id < verdict.Id));
        if (filter.Org is { } org)
            verdicts = verdicts.Where(verdict => db.Models.Any(model => model.Id == verdict.ModelId && db.Terms.Any(term => term.Id == model.AuthorId && term.Kind == TermKind.Author && term.Name == org)));
        var pairs =
            from verdict in verdicts
            let before = db.Verdicts.Where(past => past.ModelId == verdict.ModelId && past.Id < verdict.Id).OrderByDescending(past => past.Id).First()
            select new { verdict, before };
        pairs = filter.Kind switch
        {
            ChangeKind.Class => pairs.Where(pair => pair.before.Class != pair.verdict.Class),
            ChangeKind.License => pairs.Where(pair => pair.before.LicenseId != pair.verdict.LicenseId),
            _ => pairs.Where(pair => pair.before.Class != pair.verdict.Class || pair.before.LicenseId != pair.verdict.LicenseId),
        };
        return
            from pair in pairs
            orderby pair.verdict.Id descending
            join model in db.Models on pair.verdict.ModelId equals model.Id
            select new CatalogChange(
                pair.verdict.Id, model.RepoId, pair.before.Class, pair.verdict.Class, pair.verdict.Basis,
                db.Licenses.Where(license => license.Id == pair.before.LicenseId).Select(license => license.Name).FirstOrDefault(),
                db.Licenses.Where(license => license.Id == pair.verdict.LicenseId).Select(license => license.Name).FirstOrDefault(),
                pair.before.RuleVersion, pair.verdict.RuleVersion, pair.verdict.Revision, pair.before.ObservedAt, pair.verdict.ObservedAt, pair.verdict.DecidedAt);
    }
}
