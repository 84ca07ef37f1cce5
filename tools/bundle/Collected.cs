using System.Text;
using System.Text.Json.Nodes;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>The observations of the chosen models, by the id the catalogue uses.</summary>
internal sealed class Collected(IReadOnlyCollection<string> chosen)
{
    private readonly Dictionary<string, List<Observation>> _observations = chosen.ToDictionary(id => id, _ => new List<Observation>(), StringComparer.Ordinal);

    public IReadOnlyList<Observation> Of(string id) => _observations[id];

    /// <summary>The chosen id that a source's id stands for, or null for a model that was not chosen.</summary>
    public string? Wanted(string? id) => id is not null && Legacy.Current(id) is var current && _observations.ContainsKey(current) ? current : null;

    public void Add(string id, Observation observation) => _observations[id].Add(observation);

    /// <summary>Adds a row of the hub's API. A row that cannot be read stops the build: this data is ours to know.</summary>
    public void Add(string source, DateTime date, JsonObject row, string? card = null)
    {
        if (Wanted((string?)row["id"] ?? (string?)row["modelId"]) is not { } id) return;
        row["id"] = id;
        row.Remove("modelId");
        var bytes = Encoding.UTF8.GetBytes(row.ToJsonString());
        if (!HubModelReader.TryRead(bytes, trusted: false, out var model, [], out var reason)) throw new InvalidDataException($"{source}, {id}: {reason}");
        Add(id, new(source, date, model, card));
    }
}
