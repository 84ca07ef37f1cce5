using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

/// <summary>A key of the address that means nothing here, and what it may be instead.</summary>
/// <param name="Rest">The same address without the key.</param>
internal sealed record UrlProblem(string Key, string Value, string Message, string Rest);

/// <summary>Reads and writes the address of a list. Pages, API and exports share the keys; only how they are paged differs.</summary>
internal static class CatalogUrl
{
    public const string Page = "/models";
    public const string Api = "/api/v1/models";
    public const int MostRows = 100;
    private const int LastPage = 1_000_000;
    private const string MarkKey = "m";

    /// <summary>Keys that other sites hang onto links to us. They say nothing about models.</summary>
    private static readonly string[] Strangers = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "fbclid", "gclid", "ref"];

    private static readonly string[] PageKeys = ["sort", "dir", "page", "size", ColumnWords.Key, MarkKey];
    private static readonly string[] ApiKeys = ["sort", "dir", "cursor", "limit"];

    public static (CatalogView? View, UrlProblem? Problem) Read(IEnumerable<KeyValuePair<string, StringValues>> query, string path = Page)
    {
        var given = query.Where(pair => pair.Value.Any(value => !string.IsNullOrWhiteSpace(value)) && !Strangers.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)).ToList();
        UrlProblem Refuse(string key, string value, string message) =>
            new(key, value, message, path + Query(given.Where(pair => pair.Key != key).SelectMany(pair => pair.Value, (pair, value) => (pair.Key, value ?? ""))));

        var view = CatalogView.Start.Where(path == Api || given.Exists(pair => pair.Key == "q") ? CatalogFilter.All : CatalogFilter.Usual);
        string? sort = null, direction = null;
        foreach (var (name, values) in given)
        {
            if (FilterKeys.Find(name) is { } key)
            {
                var texts = values.OfType<string>().SelectMany(value => key.IsList ? Split(value) : [value]).Where(value => !string.IsNullOrWhiteSpace(value)).ToList();
                if (key.Usual is not null && texts is [CatalogWords.Any])
                {
                    view = view.Where(view.Filter.Without(name));
                    continue;
                }
                if (texts.Count > (key.IsList ? FilterKey.MostValues : 1))
                    return (null, Refuse(name, $"{texts.Count} values", key.IsList ? $"takes at most {FilterKey.MostValues} values" : "takes one value"));
                if (texts.Find(text => key.Read(text) is null) is { } wrong) return (null, Refuse(name, wrong, $"is {key.Allowed}"));
                view = view.Where(view.Filter.With(name, texts.Select(text => key.Read(text)).OfType<string>()));
                continue;
            }
            if (!(path == Page ? PageKeys : ApiKeys).Contains(name, StringComparer.Ordinal))
                return (null, Refuse(name, values.ToString(), $"is no key here; the keys are {string.Join(", ", [.. FilterKeys.All.Select(known => known.Name), .. path == Page ? PageKeys : ApiKeys])}"));
            if (name is MarkKey or ColumnWords.Key)
            {
                List<string> texts = [.. values.OfType<string>().SelectMany(Split).Select(text => text.Trim()).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)];
                if (name == ColumnWords.Key && ColumnWords.Read(texts) is { } columns) view = view with { Columns = columns };
                else if (name == ColumnWords.Key) return (null, Refuse(name, values.ToString(), $"is {ColumnWords.Allowed}"));
                else if (texts.Exists(text => text.Length > FilterKey.LongestValue || text.Any(char.IsControl) || !text.Contains('/', StringComparison.Ordinal))) return (null, Refuse(name, values.ToString(), "is names of models such as bigscience/bloom"));
                else if (texts.Count > CatalogView.MostMarked) return (null, Refuse(name, $"{texts.Count} models", $"takes at most {CatalogView.MostMarked} models"));
                else view = view with { Marked = texts };
                continue;
            }
            if (values.Count > 1) return (null, Refuse(name, $"{values.Count} values", "takes one value"));
            var value = values.ToString();
            switch (name)
            {
                case "sort" when CatalogSorts.Find(value) is null:
                    return (null, Refuse(name, value, $"is {CatalogSorts.Names}"));
                case "dir" when value is not ("asc" or "desc"):
                    return (null, Refuse(name, value, "is asc or desc"));
                case "page" when !IsNumber(value, LastPage):
                    return (null, Refuse(name, value, $"is a number from 1 to {LastPage}"));
                case "size" or "limit" when !IsNumber(value, MostRows):
                    return (null, Refuse(name, value, $"is a number from 1 to {MostRows}"));
                case "sort": sort = value; break;
                case "dir": direction = value; break;
                case "page": view = view with { Page = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                case "size" or "limit": view = view with { Size = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                case "cursor": view = view with { Cursor = value }; break;
            }
        }
        var order = CatalogSorts.Find(sort ?? "") ?? CatalogSort.Downloads;
        view = view with { Sort = order, Descending = direction is null ? order.StartsDescending() : direction == "desc" };
        return view.Cursor is { } cursor && !CatalogCursor.TryRead(cursor, view, out _)
            ? (null, Refuse("cursor", cursor, "is what the answer before said as next, with the same sort and dir"))
            : (view, null);
    }

    /// <summary>The one address of a view: what is usual is left out, the rest is in the order of the rail.</summary>
    public static string Write(CatalogView view, string path = Page) => path + Query(Pairs(view, path));

    /// <summary>What the address says of a view, for links and for forms that carry it along.</summary>
    public static List<(string Key, string Value)> Pairs(CatalogView view, string path = Page)
    {
        List<(string, string)> pairs = [.. Pairs(view.Filter, path)];
        if (view.Sort != CatalogSort.Downloads) pairs.Add(("sort", view.Sort.Id()));
        if (view.Descending != view.Sort.StartsDescending()) pairs.Add(("dir", view.Descending ? "desc" : "asc"));
        if (view.Page != 1) pairs.Add(("page", view.Page.ToString(CultureInfo.InvariantCulture)));
        if (view.Size != CatalogView.DefaultSize) pairs.Add((path == Page ? "size" : "limit", view.Size.ToString(CultureInfo.InvariantCulture)));
        if (view.Cursor is { } cursor) pairs.Add(("cursor", cursor));
        if (path != Page) return pairs;
        if (view.Columns != CatalogColumns.Usual) pairs.Add((ColumnWords.Key, ColumnWords.Write(view.Columns)));
        if (view.Marked is not []) pairs.Add((MarkKey, Marks(view.Marked)));
        return pairs;
    }

    /// <summary>Names as one value of the address, where their order counts.</summary>
    public static string Marks(IEnumerable<string> names) => string.Join(',', names.Select(Escape));

    /// <summary>The list as search engines should know it.</summary>
    public static string Canonical(CatalogView view) => Write(view with { Columns = CatalogColumns.Usual, Marked = [] });

    /// <summary>All models of a value, whether originals or not.</summary>
    public static string Write(string key, string value) => Write(CatalogView.Start.Where(CatalogFilter.All.With(key, value)));

    /// <summary>What the address says of a filter. Pages leave out what is usual, and say so where it does not hold.</summary>
    public static IEnumerable<(string Key, string Value)> Pairs(CatalogFilter filter, string path = Page)
    {
        foreach (var key in FilterKeys.All)
        {
            var values = filter[key.Name];
            if (path != Api && filter.IsUsual(key)) continue;
            if (!values.IsEmpty) yield return (key.Name, Join(key, values));
            else if (path != Api && key.Usual is not null) yield return (key.Name, CatalogWords.Any);
        }
    }

    /// <summary>Values as they stand in an address.</summary>
    public static string Value(FilterKey key, IEnumerable<string> values) => Encode(Join(key, values));

    /// <summary>Address of a model's page. An id may hold anything, so each segment is escaped.</summary>
    public static string Model(string repoId, string path = Page) => $"{path}/{string.Join('/', repoId.Split('/', 2).Select(Uri.EscapeDataString))}";

    private static bool IsNumber(string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most;

    private static string Query(IEnumerable<(string Key, string Value)> pairs)
    {
        var query = new StringBuilder();
        foreach (var (key, value) in pairs)
            query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(key)).Append('=').Append(Encode(value));
        return query.ToString();
    }

    private static string Join(FilterKey key, IEnumerable<string> values) => string.Join(',', values.Select(value => key.IsList ? Escape(value) : value));

    private static string Encode(string value) => Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>A comma parts values; one that belongs to a value has a backslash before it.</summary>
    private static List<string> Split(string text)
    {
        List<string> parts = [""];
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == ',') parts.Add("");
            else if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is ',' or '\\') parts[^1] += text[++at];
            else parts[^1] += text[at];
        }
        return parts;
    }

    private static string Escape(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal);
}
