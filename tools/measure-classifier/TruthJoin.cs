using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelAtlas.Tools.MeasureClassifier;

/// <summary>The reference judgements beside the rows and cards at hand: of a model the longest row and the newest card.</summary>
internal sealed class TruthJoin
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, string> _rows = [];
    private readonly Dictionary<string, string> _cards = [];

    public TruthJoin(string data)
    {
        foreach (var row in TruthRow.Read(Path.Combine(data, "truth", "dev.csv")))
        {
            foreach (var id in row.Ids) Wanted.TryAdd(id, row);
        }
        var hub = Path.Combine(data, "hub");
        foreach (var file in Sorted(Path.Combine(hub, "catalog"), "models-*.jsonl.gz").Where(file => !file.Contains("no-api", StringComparison.Ordinal)))
        {
            foreach (var line in Lines(file)) AddRow(line);
        }
        foreach (var file in Sorted(Path.Combine(hub, "detail"), "*.json").Where(file => !Path.GetFileName(file).StartsWith("datasets__", StringComparison.Ordinal))) AddRow(File.ReadAllText(file));
        foreach (var file in Sorted(Path.Combine(hub, "cards"), "cards-*.jsonl.gz"))
        {
            foreach (var line in Lines(file)) AddCard(line);
        }
        foreach (var file in Sorted(Path.Combine(hub, "cards", "files"), "*.md"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var split = name.IndexOf("__", StringComparison.Ordinal);
            if (split > 0) Keep($"{name[..split]}/{name[(split + 2)..]}", File.ReadAllText(file));
        }
    }

    /// <summary>By id in lower case; what the references link for a family counts for each of its ids.</summary>
    public Dictionary<string, TruthRow> Wanted { get; } = [];

    public IEnumerable<string> Ids => _rows.Keys.Union(_cards.Keys).Order(StringComparer.Ordinal);

    public bool HasCard(string id) => _cards.ContainsKey(id);

    public void Write(string modelsPath, string cardsPath)
    {
        File.WriteAllLines(modelsPath, Ids.Select(id => _rows.GetValueOrDefault(id) ?? new JsonObject { ["id"] = id }.ToJsonString(Plain)));
        File.WriteAllLines(cardsPath, _cards.Select(card => new JsonObject { ["id"] = card.Key, ["card"] = card.Value }.ToJsonString(Plain)));
    }

    private void AddRow(string json)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject row || ((string?)row["id"] ?? (string?)row["modelId"])?.ToLowerInvariant() is not { } id || !Wanted.ContainsKey(id)) return;
            var line = row.ToJsonString(Plain);
            if (line.Length >= (_rows.GetValueOrDefault(id)?.Length ?? 0)) _rows[id] = line;
        }
        catch (JsonException)
        {
            // a recorded answer that was cut off
        }
    }

    private void AddCard(string json)
    {
        if (JsonNode.Parse(json) is JsonObject row && (bool?)row["id_certain"] != false && (string?)row["id"] is { } id && (string?)row["card"] is { } card) Keep(id, card);
    }

    private void Keep(string id, string card)
    {
        if (Wanted.ContainsKey(id.ToLowerInvariant())) _cards[id.ToLowerInvariant()] = card;
    }

    private static IEnumerable<string> Sorted(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
