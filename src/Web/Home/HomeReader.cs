using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Changes;

namespace ModelAtlas.Web.Home;

/// <summary>How many models there are of a class, and how many of them rest on something unknown.</summary>
internal sealed record ClassCount(Openness? Class, int Total, int NotEstablished)
{
    public int Established => Total - NotEstablished;
}

/// <param name="Example">A model people know, with the reason for its class: what an answer looks like.</param>
internal sealed record Overview(IReadOnlyList<ClassCount> Classes, IReadOnlyList<CatalogRow> Popular, IReadOnlyList<CatalogRow> Recent, IReadOnlyList<CatalogChange> Changes, Example? Example)
{
    public int Total => Classes.Sum(count => count.Total);
    public int NotEstablished => Classes.Sum(count => count.NotEstablished);

    public ClassCount Of(Openness? kind) => Classes.FirstOrDefault(count => count.Class == kind) ?? new(kind, 0, 0);
}

internal sealed record Example(CatalogRow Model, string Because);

/// <summary>The numbers of the front page, kept until the catalogue changes or half a minute has passed.</summary>
internal sealed class HomeReader(CatalogIndex index, CatalogStore store, CatalogPulse pulse, IMemoryCache cache, ChangeReader changes)
{
    private const int MostShown = 6;

    public async Task<Overview> ReadAsync(CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        var snapshot = await index.ReadAsync(cancellationToken);
        var overview = await cache.GetOrCreateAsync((nameof(HomeReader), rev, snapshot.Version), async entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(30);
            var changed = await changes.ReadAsync(new(Size: MostShown), cancellationToken);
            return await store.ReadAsync(db => ReadAsync(db, snapshot, changed.Items, cancellationToken), cancellationToken);
        });
        return overview ?? new([], [], [], [], null);
    }

    private static async Task<Overview> ReadAsync(AtlasDbContext db, CatalogSnapshot snapshot, IReadOnlyList<CatalogChange> changed, CancellationToken cancellationToken) => new(
        [.. CatalogWords.Classes.Select(kind => Count(snapshot, kind))],
        await CatalogReader.RowsAsync(db, First(snapshot, CatalogFilter.All, CatalogSort.Downloads, MostShown), cancellationToken),
        await CatalogReader.RowsAsync(db, First(snapshot, CatalogFilter.All.With("state", RepoState.Listed.Id()), CatalogSort.Updated, MostShown), cancellationToken),
        changed,
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
}
