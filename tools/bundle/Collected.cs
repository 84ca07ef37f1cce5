using System.Text;
using System.Text.Json.Nodes;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Bundle;

/// <summary>What the sources said about the chosen models, by the id the catalogue uses.</summary>
internal sealed class Collected(IReadOnlyCollection<string> chosen)
{
    private readonly Dictionary<string, List<SourceRow>> _rows = chosen.ToDictionary(id => id, _ => new List<SourceRow>(), StringComparer.Ordinal);

    public static Collected Read(string hub, IReadOnlyCollection<string> chosen)
    {
        var collected = new Collected(chosen);
        CatalogueFiles.Read(Path.Combine(hub, "catalog"), collected);
        SingleAnswers.Read(hub, collected);
        CardFiles.Read(hub, collected);
        return collected;
    }

    public IReadOnlyList<SourceRow> Of(string id) => _rows.GetValueOrDefault(id) ?? [];

    /// <summary>The chosen id that a source's id stands for, or null for a model that was not chosen.</summary>
    public string? Wanted(string? id) => id is not null && LegacyIds.Resolve(id) is var current && _rows.ContainsKey(current) ? current : null;

    /// <summary>Adds a row of the hub's API. A row that cannot be read stops the build: this data is ours to know.</summary>
    public void Add(string source, DateTime date, JsonObject row, string? card = null)
    {
        if (Wanted((string?)row["id"] ?? (string?)row["modelId"]) is not { } id) return;
        row["id"] = id;
        row.Remove("modelId");
        var bytes = Encoding.UTF8.GetBytes(row.ToJsonString());
        if (!HubModelReader.TryRead(bytes, trusted: false, out var model, [], out var reason)) throw new InvalidDataException($"{source}, {id}: {reason}");
        _rows[id].Add(new(source, new(model, date), card));
    }
}
