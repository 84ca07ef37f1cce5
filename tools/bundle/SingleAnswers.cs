using System.Text.Json.Nodes;

namespace ModelAtlas.Bundle;

/// <summary>Detail answers that were recorded one by one, as files of their own or as whole HTTP exchanges.</summary>
internal static class SingleAnswers
{
    // Only answers that no list file holds; "…-converted" and the rest are rows of the lists again.
    private static readonly Dictionary<string, string> Dates = new(StringComparer.Ordinal)
    {
        ["2025-01"] = "2025-01-22",
        ["2026-08"] = "2026-08-01",
        ["2026-08-partial"] = "2026-08-26",
    };

    public static void Read(string hubFolder, Collected collected)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(hubFolder, "detail"), "*.json").Order(StringComparer.Ordinal))
        {
            var suffix = Path.GetFileNameWithoutExtension(path).Split('@')[^1];
            if (!Dates.TryGetValue(suffix, out var day) || Object(path) is not { } row) continue;
            collected.Add($"Hugging Face Hub API, {day}", CatalogueFiles.Day(day), row);
        }
        foreach (var path in Directory.EnumerateFiles(Path.Combine(hubFolder, "http"), "model-expand-*-200*.json").Order(StringComparer.Ordinal))
        {
            if (Object(path) is not { } exchange || exchange["body"] is not JsonObject body || (string?)exchange["recorded"] is not { } day) continue;
            collected.Add($"Hugging Face Hub API, {day}", CatalogueFiles.Day(day), (JsonObject)body.DeepClone());
        }
    }

    private static JsonObject? Object(string path) => JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
}
