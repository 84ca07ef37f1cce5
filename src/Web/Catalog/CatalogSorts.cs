namespace ModelAtlas.Web.Catalog;

/// <summary>The orders of a list and their words.</summary>
internal static class CatalogSorts
{
    private static readonly IReadOnlyList<(CatalogSort Sort, string Id, string Label)> All =
    [
        (CatalogSort.Downloads, "downloads", "Downloads"),
        (CatalogSort.Likes, "likes", "Likes"),
        (CatalogSort.Trending, "trending", "Trending"),
        (CatalogSort.Updated, "updated", "Updated"),
        (CatalogSort.Created, "created", "Created"),
        (CatalogSort.Params, "params", "Parameters"),
        (CatalogSort.Name, "name", "Name"),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(known => known.Id));

    public static IEnumerable<CatalogSort> Offered => All.Select(known => known.Sort);

    public static CatalogSort? Find(string id) => All.FirstOrDefault(known => known.Id == id) is { Id: not null } found ? found.Sort : null;

    public static string Id(this CatalogSort sort) => All[(int)sort].Id;

    public static string Label(this CatalogSort sort) => All[(int)sort].Label;

    public static bool StartsDescending(this CatalogSort sort) => sort != CatalogSort.Name;
}
