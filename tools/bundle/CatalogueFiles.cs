using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace ModelAtlas.Bundle;

/// <summary>The recorded lists and detail answers: JSON lines, one model each, in the shapes the hub and copies of it had.</summary>
internal static class CatalogueFiles
{
    private const string Hub = "Hugging Face Hub API";

    private static readonly (string File, string Source, string Date)[] Files =
    [
        ("models-full-2022-02", Hub, "2022-02-21"),
        ("models-list-2024-07", Hub, "2024-07-11"),
        ("models-detail-2024-07", Hub, "2024-07-11"),
        ("models-no-api-2024-07", "Hugging Face model page", "2024-07-12"),
        ("models-detail-2025-04", Hub, "2025-04-05"),
        ("models-list-2025-11", Hub, "2025-11-10"),
        ("models-detail-co2-2026-05", Hub, "2026-05-01"),
        ("models-radar-2026-08", "HF//RADAR dataset", "2026-08-22"),
    ];

    public static void Read(string folder, Collected collected)
    {
        foreach (var (file, source, day) in Files)
        {
            var date = Day(day);
            using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, file + ".jsonl.gz")), CompressionMode.Decompress));
            while (lines.ReadLine() is { } line)
            {
                if (JsonNode.Parse(line) is not JsonObject row) throw new InvalidDataException($"{file}: a line that is not an object.");
                if (collected.Wanted((string?)row["id"] ?? (string?)row["modelId"]) is null) continue;
                if (file == "models-no-api-2024-07") ReadPage(row);
                else ReadAnswer(row);
                collected.Add($"{source}, {day}", date, row);
            }
        }
    }

    public static DateTime Day(string day) => DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static void ReadAnswer(JsonObject row)
    {
        if ((string?)row["pipeline_tag"] is "N/A") row.Remove("pipeline_tag");
        // The gate's text is somebody's prose; that there is a gate is said by "gated".
        (row["cardData"] as JsonObject)?.Remove("extra_gated_prompt");
    }

    /// <summary>What was read off a web page: the counters there are rounded for display, and a licence of one's own is written "name (other)".</summary>
    private static void ReadPage(JsonObject row)
    {
        row.Remove("downloads");
        row.Remove("likes");
        foreach (var list in row.Where(field => field.Value is JsonArray { Count: 0 }).Select(field => field.Key).ToList()) row.Remove(list);
        if (row["licenses"] is not JsonArray licenses) return;
        var card = new JsonObject();
        var names = new JsonArray();
        foreach (var license in licenses.Select(license => (string?)license).OfType<string>())
        {
            if (license.EndsWith(" (other)", StringComparison.Ordinal))
            {
                names.Add("other");
                card["license_name"] = license[..^" (other)".Length];
            }
            else names.Add(license);
        }
        row.Remove("licenses");
        card["license"] = names;
        row["cardData"] = card;
    }
}
