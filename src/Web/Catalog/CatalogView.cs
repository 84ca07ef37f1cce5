namespace ModelAtlas.Web.Catalog;

/// <summary>All that the address of a list says: which models, in what order, which part of them.</summary>
/// <param name="Cursor">Where the API goes on; a page has <paramref name="Page"/> instead.</param>
public sealed record CatalogView(CatalogFilter Filter, CatalogSort Sort, bool Descending, int Page = 1, int Size = CatalogView.DefaultSize, string? Cursor = null)
{
    public const int DefaultSize = 50;

    /// <summary>Models that are to be compared: they stay while the list changes.</summary>
    public const int MostMarked = 4;
    public static readonly CatalogView Start = new(CatalogFilter.All, CatalogSort.Downloads, Descending: true);

    public CatalogColumns Columns { get; init; } = CatalogColumns.Usual;

    /// <summary>Names of models that were picked for a comparison.</summary>
    public IReadOnlyList<string> Marked { get; init; } = [];

    public CatalogView Where(CatalogFilter filter) => this with { Filter = filter, Page = 1, Cursor = null };

    /// <summary>By this column, its usual way round first; the other way round when it already is the order.</summary>
    public CatalogView By(CatalogSort sort) => this with { Sort = sort, Descending = Sort == sort ? !Descending : sort.StartsDescending(), Page = 1, Cursor = null };
}

public enum CatalogSort
{
    Downloads,
    Likes,
    Trending,
    Updated,
    Created,
    Params,
    Name,
}
