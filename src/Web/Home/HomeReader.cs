using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;

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
internal sealed class HomeReader(CatalogStore store, CatalogPulse pulse, IMemoryCache cache)
{
    private const int MostShown = 6;
    private const long LastVerdicts = 2_000;

    public async Task<Overview> ReadAsync(CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        var overview = await cache.GetOrCreateAsync((nameof(HomeReader), rev), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(30);
            return store.ReadAsync(db => ReadAsync(db, cancellationToken), cancellationToken);
        });
        return overview ?? new([], [], [], [], null);
    }

    private static async Task<Overview> ReadAsync(AtlasDbContext db, CancellationToken cancellationToken)
    {
        var counts = await db.Models.GroupBy(model => new { model.Class, model.Basis }).Select(group => new { group.Key.Class, group.Key.Basis, Count = group.Count() })
            .ToListAsync(cancellationToken);
        var popular = await db.Counters.OrderByDescending(counter => counter.Downloads).ThenByDescending(counter => counter.ModelId)
            .Select(counter => counter.ModelId).Take(MostShown).ToListAsync(cancellationToken);
        var recent = await db.Models.Where(model => model.ModifiedAt != null && model.State == RepoState.Listed).OrderByDescending(model => model.ModifiedAt).ThenByDescending(model => model.Id)
            .Select(model => model.Id).Take(MostShown).ToListAsync(cancellationToken);
        return new(
            [.. counts.GroupBy(count => count.Class).Select(same =>
                new ClassCount(same.Key, same.Sum(count => count.Count), same.Where(count => count.Basis == Basis.NotEstablished).Sum(count => count.Count)))],
            await CatalogReader.RowsAsync(db, popular, cancellationToken),
            await CatalogReader.RowsAsync(db, recent, cancellationToken),
            await ChangesAsync(db, cancellationToken),
            await ExampleAsync(db, cancellationToken));
    }

    private static async Task<Example?> ExampleAsync(AtlasDbContext db, CancellationToken cancellationToken)
    {
        var found = await (
            from model in db.Models
            where model.Basis == Basis.Verified || model.Basis == Basis.Evidenced
            join counter in db.Counters on model.Id equals counter.ModelId
            orderby counter.Likes descending, model.Id
            select (int?)model.Id).FirstOrDefaultAsync(cancellationToken);
        if (found is not { } id) return null;
        var document = await db.Verdicts.Where(verdict => verdict.ModelId == id).OrderByDescending(verdict => verdict.Id).Select(verdict => verdict.Document).FirstAsync(cancellationToken);
        return CatalogReader.ReadVerdict(document)?.Reasons is [.., var last] ? new((await CatalogReader.RowsAsync(db, [id], cancellationToken))[0], last.Text) : null;
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
