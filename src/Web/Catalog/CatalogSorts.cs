using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Catalog;

/// <summary>A model with its counters: what a list can be ordered by.</summary>
internal sealed class RankedModel
{
    public required CatalogModel Model { get; init; }
    public required ModelCounters? Counters { get; init; }
}

/// <summary>The orders of a list, their words, and what each goes by.</summary>
internal static class CatalogSorts
{
    private static readonly IReadOnlyList<(CatalogSort Sort, string Id, string Label, SortKey Key)> All =
    [
        (CatalogSort.Downloads, "downloads", "Downloads",
            SortKey.Number(row => row.Counters == null ? null : row.Counters.Downloads, row => row.Downloads)),
        (CatalogSort.Likes, "likes", "Likes", SortKey.Number(row => row.Counters == null ? null : row.Counters.Likes, row => row.Likes)),
        (CatalogSort.Trending, "trending", "Trending", SortKey.Number(row => row.Counters == null ? null : row.Counters.Trending, row => row.Trending)),
        (CatalogSort.Updated, "updated", "Updated", SortKey.Time(row => row.Model.ModifiedAt, row => row.ModifiedAt)),
        (CatalogSort.Created, "created", "Created", SortKey.Time(row => row.Model.CreatedAt, row => row.CreatedAt)),
        (CatalogSort.Params, "params", "Parameters", SortKey.Number(row => row.Model.Parameters, row => row.Parameters)),
        (CatalogSort.Name, "name", "Name", SortKey.Text(row => row.Model.RepoId, row => row.RepoId)),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(known => known.Id));

    public static IEnumerable<CatalogSort> Offered => All.Select(known => known.Sort);

    public static CatalogSort? Find(string id) => All.FirstOrDefault(known => known.Id == id) is { Key: not null } found ? found.Sort : null;

    public static string Id(this CatalogSort sort) => All[(int)sort].Id;

    public static string Label(this CatalogSort sort) => All[(int)sort].Label;

    public static bool StartsDescending(this CatalogSort sort) => sort != CatalogSort.Name;

    public static SortKey Key(this CatalogSort sort) => All[(int)sort].Key;
}
