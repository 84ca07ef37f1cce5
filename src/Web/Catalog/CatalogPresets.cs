namespace ModelAtlas.Web.Catalog;

/// <summary>Lists that people ask for most, each a filter like any other.</summary>
internal static class CatalogPresets
{
    public static readonly IReadOnlyList<(string Name, string Says, CatalogFilter Filter)> All =
    [
        ("Safe for company use", "licences that the policy of this site takes as they are: no limit of users or revenue, no list of forbidden uses, nothing that sources disagree about", CatalogFilter.Usual.With("policy", "allowed")),
        ("Fully open", "open source, with training code and training data published", CatalogFilter.Usual.With("class", "open-source").With("code", "yes").With("data", "yes")),
        ("Runs here", "small enough for the memory of this site", CatalogFilter.Usual.With("fit", "yes")),
        ("On the playground", "can be asked here right now", CatalogFilter.All.With("hosted", "yes")),
        ("Conflicts", "sources that disagree about the licence", CatalogFilter.All.With("conflict", "yes")),
    ];

    private static readonly Dictionary<string, string> Names = All.ToDictionary(preset => preset.Filter.ToString(), preset => preset.Name, StringComparer.Ordinal);

    /// <summary>The name of the one that a filter is.</summary>
    public static string? Of(CatalogFilter filter) => Names.GetValueOrDefault(filter.ToString());
}
