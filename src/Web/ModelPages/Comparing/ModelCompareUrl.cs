using ModelAtlas.Web.Licenses;

namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>Reads and writes the address of a comparison of models.</summary>
internal static class ModelCompareUrl
{
    public const string Page = "/compare/models";
    public const string Csv = Page + ".csv";

    public static IReadOnlyList<string>? Names(HttpRequest request) => LicenseUrl.Names(request, "m");

    public static string Of(IEnumerable<string> ids, bool differencesOnly = false, string path = Page)
    {
        var list = string.Join(',', ids.Select(id => Uri.EscapeDataString(id).Replace("%2F", "/", StringComparison.Ordinal)));
        return list.Length == 0 ? path : $"{path}?m={list}{(differencesOnly ? "&diff=1" : "")}";
    }
}
