using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages;

/// <summary>What a model was made from and what was made from it. Bases are named by whoever published the model: they may be unknown, renamed or circular.</summary>
internal static class Lineage
{
    private const int MostDepth = 6;
    private const int MostNames = 30;
    private const int MostShown = 8;

    public static async Task<IReadOnlyList<Ancestor>> BasesAsync(AtlasDbContext db, int modelId, CancellationToken cancellationToken)
    {
        List<Ancestor> found = [];
        HashSet<int> seen = [modelId];
        List<int> level = [modelId];
        for (var depth = 1; depth <= MostDepth && level.Count > 0 && found.Count < MostNames; depth++)
        {
            var links = await db.Bases.Where(link => level.Contains(link.ModelId)).OrderBy(link => link.BaseRepoId).Take(MostNames).ToListAsync(cancellationToken);
            var names = links.ConvertAll(link => link.BaseRepoId);
            var known = await db.Models.Where(model => names.Contains(model.RepoId)).Select(model => new { Name = model.RepoId, model.Id })
                .Concat(from alias in db.Aliases where names.Contains(alias.Alias) select new { Name = alias.Alias, Id = alias.ModelId })
                .ToListAsync(cancellationToken);
            var ids = known.DistinctBy(model => model.Name).ToDictionary(model => model.Name, model => model.Id, StringComparer.Ordinal);
            foreach (var link in links)
                if (link.BaseModelId is { } id) ids[link.BaseRepoId] = id; // a name of the prose, or an id in other letter case
            var rows = (await CatalogReader.RowsAsync(db, [.. ids.Values.Distinct()], cancellationToken)).ToDictionary(row => row.Id);
            found.AddRange(links.DistinctBy(link => link.BaseRepoId).Select(link =>
                new Ancestor(depth, link.BaseRepoId, link.Relation, ids.TryGetValue(link.BaseRepoId, out var modelId) ? rows.GetValueOrDefault(modelId) : null)));
            level = [.. ids.Values.Where(seen.Add)];
        }
        return found;
    }

    public static async Task<Derivatives> DerivedAsync(AtlasDbContext db, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var links = db.Bases.Where(link => names.Contains(link.BaseRepoId));
        var counts = await links.GroupBy(link => link.Relation).Select(group => new { group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count).ToListAsync(cancellationToken);
        if (counts is []) return new([], []);
        var top = await (
            from link in links
            join counter in db.Counters on link.ModelId equals counter.ModelId
            orderby counter.Downloads descending, link.ModelId
            select link.ModelId).Take(MostShown).ToListAsync(cancellationToken);
        return new([.. counts.Select(count => (count.Key, count.Count))], await CatalogReader.RowsAsync(db, [.. top.Distinct()], cancellationToken));
    }
}
