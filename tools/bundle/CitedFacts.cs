using System.Text;
using System.Text.Json.Nodes;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>Facts that no rule reads, cited by hand: lines of a model id and evidence items.</summary>
internal sealed class CitedFacts
{
    private readonly Dictionary<string, IReadOnlyList<EvidenceItem>> _items = new(StringComparer.Ordinal);

    public CitedFacts(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (JsonNode.Parse(line) is not JsonObject fact) continue;
            var row = new JsonObject { ["id"] = fact["id"]?.DeepClone(), ["_atlas"] = new JsonObject { ["evidence"] = fact["evidence"]?.DeepClone() } };
            List<string> issues = [];
            if (!HubModelReader.TryRead(Encoding.UTF8.GetBytes(row.ToJsonString()), trusted: true, out var model, issues, out var reason) || issues is [_, ..])
                throw new InvalidDataException($"{path}: {reason ?? string.Join(' ', issues)}");
            _items[model.Id] = model.Cited ?? [];
        }
    }

    public HubModel Add(HubModel row) => _items.TryGetValue(row.Id, out var items) ? row with { Cited = [.. row.Cited ?? [], .. items] } : row;
}
