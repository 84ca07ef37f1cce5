using System.Text.Json;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.Files;

/// <summary>Finds out what a file is about from its first rows, whatever it is called.</summary>
internal static class ShapeFinder
{
    private static readonly string[] DatasetTags = ["task_categories:", "size_categories:", "modality:", "format:", "library:", "task_ids:", "language:", "multilinguality:", "source_datasets:", "annotations_creators:", "language_creators:"];

    private const int Rows = 200;

    public static ElementKind Find(ImportFile file)
    {
        using var reader = file.Read();
        int models = 0, datasets = 0, cards = 0;
        while (reader.Count < Rows && reader.TryRead(out var row, out _))
        {
            switch (Vote(row))
            {
                case ElementKind.Model: models++; break;
                case ElementKind.Dataset: datasets++; break;
                case ElementKind.Card: cards++; break;
            }
        }
        return cards > models && cards > datasets ? ElementKind.Card : datasets > models ? ElementKind.Dataset : ElementKind.Model;
    }

    /// <summary>What one row is, where it says so at all.</summary>
    private static ElementKind? Vote(ReadOnlyMemory<byte> row)
    {
        try
        {
            using var json = JsonDocument.Parse(row);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            if (Has(json, "card") && !Has(json, "tags")) return ElementKind.Card;
            if (Has(json, "modelId") || Has(json, "pipeline_tag") || Has(json, "library_name") || Has(json, "safetensors") || Has(json, "gguf") || Has(json, "config") || Has(json, "bases"))
                return ElementKind.Model;
            if (Has(json, "citation") || Has(json, "paperswithcode_id") || Has(json, "mainSize") || Has(json, "description")) return ElementKind.Dataset;
            if (!json.RootElement.TryGetProperty("tags", out var tags) || tags.ValueKind != JsonValueKind.Array) return null;
            return tags.EnumerateArray().Any(IsOfDataset) ? ElementKind.Dataset : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Has(JsonDocument json, string name) => json.RootElement.TryGetProperty(name, out _);

    private static bool IsOfDataset(JsonElement tag) =>
        tag.ValueKind == JsonValueKind.String && tag.GetString() is { } text && DatasetTags.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));
}
