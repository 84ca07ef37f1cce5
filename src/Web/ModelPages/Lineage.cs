using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages;

/// <summary>What a model was made from and what was made from it. Bases are named by whoever published the model: they may be unknown, renamed or circular.</summary>
internal static class Lineage
{
    private const int MostNames = 60;

    public static async Task<Ancestry> BasesAsync(AtlasDbContext db, int modelId, CancellationToken cancellationToken)
    {
        List<Ancestor> found = [];
        HashSet<(int Id, bool Binds)> seen = [(modelId, true)];
        List<(int Id, bool Binds)> level = [(modelId, true)];
        Dictionary<int, string> names = [];
        for (var depth = 1; level.Count > 0; depth++)
        {
            var binding = level.ToLookup(model => model.Id, model => model.Binds);
            var ids = binding.Select(model => model.Key).ToList();
            var links = await db.Bases.Where(link => ids.Contains(link.ModelId)).OrderBy(link => link.BaseRepoId).Take(MostNames + 1).ToListAsync(cancellationToken);
            if (links is not [] && (depth > ModelLineage.MostGenerations || found.Count + links.Count > MostNames)) return new(found, false);
            var rows = (await CatalogReader.RowsAsync(db, [.. links.Select(link => link.BaseModelId).OfType<int>().Distinct()], cancellationToken)).ToDictionary(row => row.Id);
            List<Ancestor> parents = [.. links.Select(link => new Ancestor(depth, link.BaseRepoId, link.Relation, link.BaseModelId is { } id ? rows.GetValueOrDefault(id) : null)
            {
                Child = names.GetValueOrDefault(link.ModelId),
                Binds = link.Relation != BaseRelation.SameData && binding[link.ModelId].Contains(true),
            }).OrderByDescending(parent => parent.Binds).DistinctBy(parent => parent.RepoId)];
            found.AddRange(parents);
            foreach (var row in rows.Values) names[row.Id] = row.RepoId;
            level = [.. parents.Where(parent => parent.Model is not null).Select(parent => (parent.Model?.Id ?? 0, parent.Binds)).Where(seen.Add)];
        }
        return new(found, true);
    }

    /// <param name="most">So many of the most downloaded are told by name.</param>
    public static async Task<Derivatives> DerivedAsync(AtlasDbContext db, int modelId, int most, CancellationToken cancellationToken)
    {
        var links = db.Bases.Where(link => link.BaseModelId == modelId);
        var counts = await links.GroupBy(link => link.Relation).Select(group => new { group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count).ToListAsync(cancellationToken);
        if (counts is []) return new([], []);
        var top = await (
            from link in links
            join counter in db.Counters on link.ModelId equals counter.ModelId
            orderby counter.Downloads descending, link.ModelId
            select link.ModelId).Take(most).ToListAsync(cancellationToken);
        return new([.. counts.Select(count => (count.Key, count.Count))], await CatalogReader.RowsAsync(db, [.. top.Distinct()], cancellationToken));
    }
}
