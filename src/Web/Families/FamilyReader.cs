using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.ModelPages;

namespace ModelAtlas.Web.Families;

/// <summary>A model and all that was made from it, generation by generation.</summary>
/// <param name="Root">The model that the others go back to.</param>
/// <param name="Bases">What it was itself made from: it is then a branch of their families.</param>
/// <param name="IsWhole">False where there are more than are followed.</param>
internal sealed record Family(
    CatalogRow Root, IReadOnlyList<Ancestor> Bases, int Total, int Generations, bool IsWhole, IReadOnlyList<FamilyCount> Counts, IReadOnlyList<FamilyMember> Top);

/// <param name="Of">relation, class or licence.</param>
internal sealed record FamilyCount(string Of, string Name, int Count);

/// <param name="Generation">1 for what was made from the root itself.</param>
internal sealed record FamilyMember(CatalogRow Model, int Generation, BaseRelation Relation);

/// <summary>Follows who was made from whom, downwards. Who names a base may name any, so that there are circles, and more of them than fit.</summary>
internal sealed class FamilyReader(CatalogStore store)
{
    public const int Most = 20_000;
    public const int MostShown = 50;
    private const int MostLicenses = 10;

    /// <summary>Null for a name under which there is no model; the name it has now where that is another.</summary>
    public Task<(Family? Family, string? MovedTo)> ReadAsync(string repoId, CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        var known = await NamedModel.Of(db, repoId).Select(model => new { model.Id, model.RepoId }).FirstOrDefaultAsync(cancellationToken);
        return known is null ? (null, null) : known.RepoId != repoId ? (null, known.RepoId) : ((Family?)await ReadAsync(db, known.Id, cancellationToken), (string?)null);
    }, cancellationToken);

    private static async Task<Family> ReadAsync(AtlasDbContext db, int rootId, CancellationToken cancellationToken)
    {
        Dictionary<int, (int Generation, BaseRelation Relation)> kin = [];
        List<int> level = [rootId];
        var (generation, isWhole) = (1, true);
        for (; level.Count > 0 && isWhole && generation <= ModelLineage.MostGenerations; generation++)
        {
            var parents = level;
            var room = Most - kin.Count;
            var links = await db.Bases.Where(link => link.BaseModelId != null && parents.Contains(link.BaseModelId.Value) && link.Relation != BaseRelation.SameData && link.ModelId != rootId)
                .OrderBy(link => link.ModelId).ThenBy(link => link.BaseRepoId).Select(link => new { link.ModelId, link.Relation }).Take(room + 1).ToListAsync(cancellationToken);
            isWhole = links.Count <= room;
            level = [.. links.Take(room).Where(link => kin.TryAdd(link.ModelId, (generation, link.Relation))).Select(link => link.ModelId)];
        }
        var ids = kin.Keys.ToList();
        var top = await (
            from model in db.Models
            where ids.Contains(model.Id)
            join counter in db.Counters on model.Id equals counter.ModelId into counters
            from counter in counters.DefaultIfEmpty()
            orderby counter == null ? 0 : counter.Downloads descending, model.Id
            select model.Id).Take(MostShown).ToListAsync(cancellationToken);
        var rows = (await CatalogReader.RowsAsync(db, [.. top, rootId], cancellationToken)).ToDictionary(row => row.Id);
        return new(
            rows[rootId], [.. (await Lineage.BasesAsync(db, rootId, cancellationToken)).Found.Where(ancestor => ancestor.Depth == 1)], kin.Count,
            kin.Values.Select(member => member.Generation).DefaultIfEmpty(0).Max(), isWhole && level.Count == 0, await CountAsync(db, ids, kin.Values.Select(member => member.Relation), cancellationToken),
            [.. top.Where(rows.ContainsKey).Select(id => new FamilyMember(rows[id], kin[id].Generation, kin[id].Relation))]);
    }

    private static async Task<IReadOnlyList<FamilyCount>> CountAsync(AtlasDbContext db, List<int> ids, IEnumerable<BaseRelation> relations, CancellationToken cancellationToken)
    {
        var classes = await db.Models.Where(model => ids.Contains(model.Id)).GroupBy(model => model.Class).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var licenses = await (
            from model in db.Models
            where ids.Contains(model.Id)
            group model by model.LicenseId into same
            orderby same.Count() descending, same.Key
            select new { Name = db.Licenses.Where(license => license.Id == same.Key).Select(license => license.Name).FirstOrDefault(), Count = same.Count() }).Take(MostLicenses).ToListAsync(cancellationToken);
        return
        [
            .. relations.CountBy(relation => relation).OrderByDescending(pair => pair.Value).Select(pair => new FamilyCount("How it was made", pair.Key.Label(), pair.Value)),
            .. classes.OrderByDescending(kind => kind.Count).Select(kind => new FamilyCount("Class", kind.Key.Label(), kind.Count)),
            .. licenses.Select(license => new FamilyCount("Licence", license.Name ?? "none found", license.Count)),
        ];
    }
}
