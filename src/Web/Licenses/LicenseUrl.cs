using Microsoft.AspNetCore.WebUtilities;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Web.Licenses;

/// <summary>Reads and writes the addresses of the licence desk. Lists are comma-separated or repeated.</summary>
internal static class LicenseUrl
{
    public const string List = "/licenses";
    public const string Compare = "/compare/licenses";
    public const string Check = "/licenses/check";
    public const string Api = "/api/v1/licenses";

    /// <summary>More names than this are no question any more.</summary>
    public const int MostNames = 50;
    public const int LongestName = 200;

    public static string Of(string id) => $"{List}/{Uri.EscapeDataString(id)}";

    public static string OfComparison(IEnumerable<string> ids, bool differencesOnly = false, string path = Compare)
    {
        var list = string.Join(',', ids.Select(Uri.EscapeDataString));
        return list.Length == 0 ? path : $"{path}?l={list}{(differencesOnly ? "&diff=1" : "")}";
    }

    public static string OfCheck(IEnumerable<string> models, IEnumerable<string> licenses)
    {
        List<string> pairs = [];
        if (string.Join(',', models.Select(Uri.EscapeDataString)) is { Length: > 0 } m) pairs.Add("m=" + m.Replace("%2F", "/", StringComparison.Ordinal));
        if (string.Join(',', licenses.Select(Uri.EscapeDataString)) is { Length: > 0 } l) pairs.Add("l=" + l);
        return pairs is [] ? Check : $"{Check}?{string.Join('&', pairs)}";
    }

    /// <summary>The names of a list, in order, each once; null when there are too many or one is too long.</summary>
    public static IReadOnlyList<string>? Names(HttpRequest request, string key)
    {
        var values = QueryHelpers.ParseQuery(request.QueryString.Value).GetValueOrDefault(key); // the output cache has sorted those of request.Query
        List<string> names = [.. values.OfType<string>().SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(name => !name.Contains('\0', StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostNames + 1)];
        return names.Count > MostNames || names.Exists(name => name.Length > LongestName) ? null : names;
    }

    /// <summary>The one licence that a name stands for: an id, or any spelling that the desk knows.</summary>
    public static License? Find(string name) =>
        LicenseDesk.Find(name) ?? (LicenseDesk.Resolve(name) is { Match: NameMatch.Known, Licenses: [var license] } ? license : null);
}

/// <summary>What a list of names asks for.</summary>
internal sealed record NamedLicenses(IReadOnlyList<License> Known, IReadOnlyList<string> Unknown)
{
    public static NamedLicenses Of(IReadOnlyList<string> names)
    {
        var found = names.Select(name => (Name: name, License: LicenseUrl.Find(name))).ToList();
        return new([.. found.Select(pair => pair.License).OfType<License>().DistinctBy(license => license.Id)], [.. found.Where(pair => pair.License is null).Select(pair => pair.Name)]);
    }
}
