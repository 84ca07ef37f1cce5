using System.Globalization;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Changes;

/// <summary>All that the address of a list of changes says.</summary>
/// <param name="Model">By the name it has now.</param>
/// <param name="License">The key of the licence that a model came under or left; with the kind class or conflict, under which it was or is.</param>
public sealed record ChangeFilter(ChangeKind Kind = ChangeKind.Any, string? Org = null, ChangeCursor? Cursor = null, int Size = ChangeFilter.DefaultSize, string? Model = null, string? License = null)
{
    public const string Page = "/changes";
    public const string Api = "/api/v1/changes";
    public const string Feed = "/changes.atom";
    public const int DefaultSize = 50;
    private const int MostRows = 100;

    public static readonly IReadOnlyList<(ChangeKind Kind, string Id, string Label)> Kinds =
        [
        (ChangeKind.Any, "", "All"), (ChangeKind.Class, "class", "Class"), (ChangeKind.License, "license", "Licence"), (ChangeKind.Conflict, "conflict", "Conflicts"),
        (ChangeKind.New, "new", "New models"), (ChangeKind.Rules, "rules", "By new rules"),
    ];

    private static readonly string KindIds = string.Join(", ", Kinds.Skip(1).SkipLast(1).Select(kind => kind.Id)) + $" or {Kinds[^1].Id}";

    public static (ChangeFilter? Filter, string? Wrong) Read(IQueryCollection query)
    {
        var filter = new ChangeFilter();
        foreach (var (key, values) in query)
        {
            var value = values.ToString();
            if (value.Length == 0) continue;
            switch (key)
            {
                case "kind" when Kinds.FirstOrDefault(known => known.Id == value) is { Id.Length: > 0 } kind: filter = filter with { Kind = kind.Kind }; break;
                case "kind": return (null, $"kind is {KindIds}.");
                case "org" when PlainText.Clean(value) is { Length: > 0 and <= FilterKey.LongestValue } org: filter = filter with { Org = org }; break;
                case "org": return (null, $"org is a name of at most {FilterKey.LongestValue} characters.");
                case "model" when PlainText.Clean(value) is { Length: > 0 and <= FilterKey.LongestValue } model && model.Contains('/', StringComparison.Ordinal): filter = filter with { Model = model }; break;
                case "model": return (null, $"model is the name of one, such as bigscience/bloom, of at most {FilterKey.LongestValue} characters.");
                case "license" when PlainText.Clean(value) is { Length: > 0 and <= FilterKey.LongestValue } license: filter = filter with { License = license }; break;
                case "license": return (null, $"license is the identifier of one, such as apache-2.0, of at most {FilterKey.LongestValue} characters.");
                case "cursor" when ChangeCursor.Read(value) is { } cursor: filter = filter with { Cursor = cursor }; break;
                case "cursor": return (null, "cursor is what the list before said as next.");
                case "limit" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MostRows: filter = filter with { Size = size }; break;
                case "limit": return (null, $"limit is a number from 1 to {MostRows}.");
                default: return (null, $"{(PlainText.Clean(key) is { Length: <= 40 } name ? name : "This")} is no key here; the keys are kind, org, model, license, cursor and limit.");
            }
        }
        return (filter, null);
    }

    /// <summary>Of what, in a few words: for the title of a feed and the heading of a page.</summary>
    public string? Of => string.Join(", ", new[] { Model, License is null ? null : $"licence {LicenseDesk.Find(License)?.Name ?? License}", Org }.OfType<string>()) is { Length: > 0 } words ? words : null;

    public string Write(string path = Page)
    {
        List<string> pairs = [];
        if (Kind != ChangeKind.Any) pairs.Add($"kind={Kinds.First(known => known.Kind == Kind).Id}");
        if (Org is { } org) pairs.Add($"org={Uri.EscapeDataString(org)}");
        if (Model is { } model) pairs.Add($"model={Uri.EscapeDataString(model).Replace("%2F", "/", StringComparison.Ordinal)}");
        if (License is { } license) pairs.Add($"license={Uri.EscapeDataString(license)}");
        if (Size != DefaultSize) pairs.Add(string.Create(CultureInfo.InvariantCulture, $"limit={Size}"));
        if (Cursor is { } cursor) pairs.Add($"cursor={cursor}");
        return pairs is [] ? path : $"{path}?{string.Join('&', pairs)}";
    }
}
