using System.Collections.Frozen;
using System.Reflection;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Ids from before every repository had an owner, and where the hub keeps these models today.</summary>
public static class LegacyIds
{
    /// <summary>Owner under which an id is shown that nobody knows the owner of.</summary>
    public const string NoOwner = "_";

    private static readonly FrozenDictionary<string, string> Known = Load();
    private static readonly FrozenDictionary<string, string> ByModel = Known.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary><c>owner/name</c> for any id.</summary>
    public static string Resolve(string id) =>
        id.Contains('/', StringComparison.Ordinal) ? id : Find(id) ?? $"{NoOwner}/{id}";

    /// <summary>Where a model without owner is today; null for one that nobody knows.</summary>
    public static string? Find(string id) => Known.GetValueOrDefault(id);

    /// <summary>The old id of a model that had one.</summary>
    public static string? Of(string id) => ByModel.GetValueOrDefault(id);

    private static FrozenDictionary<string, string> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ModelAtlas.Ingest.Sync.LegacyIds.txt")
            ?? throw new InvalidOperationException("The list of legacy ids is not part of this build.");
        using var reader = new StreamReader(stream);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#') && line.Split(' ') is [var id, var model]) known[id] = model;
        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
