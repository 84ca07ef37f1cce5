using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Licenses;

namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>Reads and writes the address of a comparison of models.</summary>
internal static class ModelCompareUrl
{
    public const string Page = "/compare/models";
    public const string Csv = Page + ".csv";
    public const string LeftKey = "left";
    public const string RightKey = "right";

    public static IReadOnlyList<string>? Names(HttpRequest request) => LicenseUrl.Names(request, "m");

    /// <summary>Those that a list or a comparison carries in its address; on other pages there are none.</summary>
    public static IReadOnlyList<string> Picked(HttpRequest request) =>
        request.Path.Value is Page or CatalogUrl.Page && Names(request) is { Count: <= ModelComparison.Most } names ? names : [];

    /// <summary>The two columns that a phone shows: those that the address names, else the first ones; null where there are no two.</summary>
    public static (string Left, string Right)? Pair(HttpRequest request, IReadOnlyList<string> ids)
    {
        if (ids.Count < 2) return null;
        var left = ids.FirstOrDefault(id => id == request.Query[LeftKey].ToString()) ?? ids.First(id => id != request.Query[RightKey].ToString());
        return (left, ids.FirstOrDefault(id => id != left && id == request.Query[RightKey].ToString()) ?? ids.First(id => id != left));
    }

    /// <summary>The first two need not be named.</summary>
    public static string Of(IReadOnlyList<string> ids, bool differencesOnly, (string Left, string Right)? pair) =>
        Of(ids, differencesOnly) + (pair is { } two && two != (ids[0], ids[1]) ? $"&{LeftKey}={Escape(two.Left)}&{RightKey}={Escape(two.Right)}" : "");

    public static string Of(IEnumerable<string> ids, bool differencesOnly = false, string path = Page)
    {
        var list = string.Join(',', ids.Select(Escape));
        return list.Length == 0 ? path : $"{path}?m={list}{(differencesOnly ? "&diff=1" : "")}";
    }

    private static string Escape(string id) => Uri.EscapeDataString(id).Replace("%2F", "/", StringComparison.Ordinal);
}
