using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Changes;
using ModelAtlas.Web.Home;

namespace ModelAtlas.Web.Orgs;

/// <summary>A publisher's models as a whole.</summary>
internal sealed record OrgSheet(
    string Name, IReadOnlyList<ClassCount> Classes, CatalogCounts Counts, int Conflicts, IReadOnlyList<CatalogRow> Popular, IReadOnlyList<CatalogRow> Recent, IReadOnlyList<CatalogChange> Changes)
{
    public int Total => Counts.Total;
}

/// <summary>Counts what one publisher has in the catalogue.</summary>
internal sealed class OrgReader(CatalogReader catalog, CatalogCounter counter, ChangeReader changes)
{
    private const int MostShown = 8;
    private static readonly FacetKey[] Facets = [.. FilterKeys.Facets.Where(key => key.Name is "class" or "license" or "task" or "lib" or "gated")];

    /// <summary>Null for a name under which there is no model.</summary>
    public async Task<OrgSheet?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var filter = CatalogFilter.All.With("org", name);
        var popular = await catalog.ListAsync(CatalogView.Start.Where(filter) with { Size = MostShown }, Facets, cancellationToken);
        if (popular.Total == 0) return null;
        var recent = await catalog.ListAsync(CatalogView.Start.Where(filter).By(CatalogSort.Updated) with { Size = MostShown }, cancellationToken);
        var unsure = await counter.CountAsync(filter.With("conf", Basis.NotEstablished.Id()), [.. Facets.Where(key => key.Name == "class")], MostShown, cancellationToken);
        var conflicts = await counter.CountAsync(filter.With("conflict", "yes"), [], 0, cancellationToken);
        var changed = await changes.ReadAsync(new(Org: name, Size: MostShown), cancellationToken);
        return new(name, [.. CatalogWords.Classes.Select(kind => new ClassCount((Openness?)kind.Value, Of(popular.Counts, kind.Id), Of(unsure, kind.Id)))],
            popular.Counts, conflicts.Total, popular.Items, recent.Items, changed.Items);
    }

    private static int Of(CatalogCounts counts, string kind) =>
        counts.Facets.First(facet => facet.Key.Name == "class").Options.FirstOrDefault(option => option.Value == kind)?.Count ?? 0;
}
