using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Licenses;

namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>Reads and writes the address of a comparison of models.</summary>
internal static class ModelCompareUrl
{
    public const string Page = "/compare/models";
    public const string Csv = Page + ".csv";

    public static IReadOnlyList<string>? Names(HttpRequest request) => LicenseUrl.Names(request, "m");

    /// <summary>Those that a list or a comparison carries in its address; on other pages there are none.</summary>
    public static IReadOnlyList<string> Picked(HttpRequest request) =>
        request.Path.Value is Page or CatalogUrl.Page && Names(request) is { Count: <= ModelComparison.Most } names ? names : [];

    public static string Of(IEnumerable<string> ids, bool differencesOnly = false, string path = Page)
    {
        var list = string.Join(',', ids.Select(id => Uri.EscapeDataString(id).Replace("%2F", "/", StringComparison.Ordinal)));
        return list.Length == 0 ? path : $"{path}?m={list}{(differencesOnly ? "&diff=1" : "")}";
    }
}
