using System.Text.Json;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Bundled;

/// <summary>
/// The names of the models that come with the program. Where prose says "Llama 2 7B" it means one of these before it means a copy of that name: whoever uploads one
/// must not be able to change what the name stands for.
/// </summary>
internal static class BundledNames
{
    private static readonly Lazy<ModelNames> Read = new(() => new(Ids()));

    /// <summary>The id that a name without owner stands for: one from before owners, or the name of a model that comes with the program.</summary>
    public static string? Find(string name) => name.Contains('/', StringComparison.Ordinal) ? null : LegacyIds.Find(name) ?? Read.Value.Find(name);

    /// <summary>The sizes of a model that is named without one.</summary>
    public static IReadOnlyList<string> Sizes(string name) => Read.Value.Sizes(name);

    private static IEnumerable<string> Ids()
    {
        using var reader = new StreamReader(BundledCatalogue.Open());
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.GetProperty("id").GetString() is { } id) yield return id;
        }
    }
}
