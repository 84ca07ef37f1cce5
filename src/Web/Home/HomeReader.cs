using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Home;

/// <summary>How many models there are of a class, and how many of them rest on something unknown.</summary>
internal sealed record ClassCount(Openness? Class, int Total, int NotEstablished)
{
    public int Established => Total - NotEstablished;
}

/// <summary>A model whose class or licence is no longer what it was.</summary>
internal sealed record Change(string RepoId, Openness? Before, Openness? After, Basis Basis, string? LicenseBefore, string? LicenseAfter, DateTime DecidedAt);

/// <param name="Example">A model people know, with the reason for its class: what an answer looks like.</param>
internal sealed record Overview(IReadOnlyList<ClassCount> Classes, IReadOnlyList<CatalogRow> Popular, IReadOnlyList<CatalogRow> Recent, IReadOnlyList<Change> Changes, Example? Example)
{
    public int Total => Classes.Sum(count => count.Total);
    public int NotEstablished => Classes.Sum(count => count.NotEstablished);

    public ClassCount Of(Openness? kind) => Classes.FirstOrDefault(count => count.Class == kind) ?? new(kind, 0, 0);
}

internal sealed record Example(CatalogRow Model, string Because);

/// <summary>The numbers of the front page, kept until the catalogue changes or half a minute has passed.</summary>
internal sealed class HomeReader(CatalogIndex index, CatalogStore store, CatalogPulse pulse, IMemoryCache cache)
{
    private const int MostShown = 6;
    private const long LastVerdicts = 2_000;

    public async Task<Overview> ReadAsync(CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        var snapshot = await index.ReadAsync(cancellationToken);
        var overview = await cache.GetOrCreateAsync((nameof(HomeReader), rev, snapshot.Version), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(30);
            return store.ReadAsync(db => ReadAsync(db, snapshot, cancellationToken), cancellationToken);
        });
        return overview ?? new([], [], [], [], null);
    }

    private static async Task<Overview> ReadAsync(AtlasDbContext db, CatalogSnapshot snapshot, CancellationToken cancellationToken) => new(
        [.. CatalogWords.Classes.Select(kind => Count(snapshot, kind))],
        await CatalogReader.RowsAsync(db, First(snapshot, CatalogFilter.All, CatalogSort.Downloads, MostShown), cancellationToken),
        await CatalogReader.RowsAsync(db, First(snapshot, CatalogFilter.All.With("state", RepoState.Listed.Id()), CatalogSort.Updated, MostShown), cancellationToken),
        await ChangesAsync(db, cancellationToken),
        await ExampleAsync(db, snapshot, cancellationToken));

    private static ClassCount Count(CatalogSnapshot snapshot, Choice kind)
    {
        var filter = CatalogFilter.All.With("class", kind.Id);
        using var all = new CatalogSearch(snapshot, filter);
        using var unsure = new CatalogSearch(snapshot, filter.With("conf", Basis.NotEstablished.Id()));
        return new((Openness?)kind.Value, all.Total, unsure.Total);
    }

    private static IReadOnlyList<int> First(CatalogSnapshot snapshot, CatalogFilter filter, CatalogSort sort, int most) =>
        CatalogReader.Find(snapshot, new(filter, sort, Descending: true, Size: most), []).Ids;

    private static async Task<Example?> ExampleAsync(AtlasDbContext db, CatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (First(snapshot, CatalogFilter.All.With("conf", Basis.Verified.Id(), Basis.Evidenced.Id()), CatalogSort.Likes, 1) is not [var id]) return null;
        var document = await db.Verdicts.Where(verdict => verdict.ModelId == id).OrderByDescending(verdict => verdict.Id).Select(verdict => verdict.Document).FirstOrDefaultAsync(cancellationToken);
        return document is not null && CatalogReader.ReadVerdict(document)?.Reasons is [.., var last] && await CatalogReader.RowsAsync(db, [id], cancellationToken) is [var row] ? new(row, last.Text) : null;
    }

    /// <summary>Among the last verdicts, those that are not the first of their model. Looking further back would read the whole table.</summary>
    private static async Task<IReadOnlyList<Change>> ChangesAsync(AtlasDbContext db, CancellationToken cancellationToken)
    {
        var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
        var later = await (
            from verdict in db.Verdicts
            where verdict.Id > newest - LastVerdicts && db.Verdicts.Any(before => before.ModelId == verdict.ModelId && before.Id < verdict.Id)
            orderby verdict.Id descending
            let before = db.Verdicts.Where(past => past.ModelId == verdict.ModelId && past.Id < verdict.Id).OrderByDescending(past => past.Id).First()
            where before.Class != verdict.Class || before.LicenseId != verdict.LicenseId
            join model in db.Models on verdict.ModelId equals model.Id
            select new Change(
                model.RepoId, before.Class, verdict.Class, verdict.Basis,
                db.Licenses.Where(license => license.Id == before.LicenseId).Select(license => license.Name).FirstOrDefault(),
                db.Licenses.Where(license => license.Id == verdict.LicenseId).Select(license => license.Name).FirstOrDefault(),
                verdict.DecidedAt)).Take(MostShown).ToListAsync(cancellationToken);
        return later;
    }
}
