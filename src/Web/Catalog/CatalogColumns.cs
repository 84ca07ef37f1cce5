namespace ModelAtlas.Web.Catalog;

/// <summary>The columns that a list can show beside the name, in their order.</summary>
[Flags]
public enum CatalogColumns
{
    None = 0,
    Class = 1,
    License = 1 << 1,
    MayI = 1 << 2,
    Axes = 1 << 3,
    Parameters = 1 << 4,
    Context = 1 << 5,
    Policy = 1 << 6,
    Downloads = 1 << 7,
    Likes = 1 << 8,
    Trending = 1 << 9,
    Created = 1 << 10,
    Updated = 1 << 11,
    Usual = Class | License | MayI | Axes | Parameters | Downloads | Updated,
}

internal static class ColumnWords
{
    public const string Key = "cols";

    public static readonly IReadOnlyList<(CatalogColumns Column, string Id, string Label)> All =
    [
        (CatalogColumns.Class, "class", "Class"), (CatalogColumns.License, "license", "Licence"), (CatalogColumns.MayI, "may", "May I"), (CatalogColumns.Axes, "axes", "Evidence"),
        (CatalogColumns.Parameters, "params", "Parameters, and whether it fits here"), (CatalogColumns.Context, "ctx", "Context"), (CatalogColumns.Policy, "policy", "Policy"),
        (CatalogColumns.Downloads, "downloads", "Downloads"), (CatalogColumns.Likes, "likes", "Likes"), (CatalogColumns.Trending, "trending", "Trending"),
        (CatalogColumns.Created, "created", "Created"), (CatalogColumns.Updated, "updated", "Updated"),
    ];

    public static string Allowed { get; } = $"a list of {string.Join(", ", All.Select(column => column.Id))}, or {CatalogWords.None}";

    /// <summary>Null if one of the words is no column.</summary>
    public static CatalogColumns? Read(IEnumerable<string> words)
    {
        var columns = CatalogColumns.None;
        foreach (var word in words.Where(word => word != CatalogWords.None))
        {
            if (All.FirstOrDefault(known => known.Id == word) is not { Id: not null } found) return null;
            columns |= found.Column;
        }
        return columns;
    }

    public static string Write(CatalogColumns columns) => columns == CatalogColumns.None ? CatalogWords.None : string.Join(',', All.Where(known => columns.HasFlag(known.Column)).Select(known => known.Id));
}
