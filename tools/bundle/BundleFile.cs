using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>Writes the rows as JSON lines, always in the same order, so that equal facts give an equal file.</summary>
internal static class BundleFile
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, IEnumerable<HubModel> rows)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        foreach (var row in rows.OrderBy(row => row.Id, StringComparer.Ordinal)) file.WriteLine(Line(row));
    }

    internal static string Line(HubModel row)
    {
        if (JsonNode.Parse(HubModelWriter.Write(row)) is not JsonObject json) throw new InvalidDataException($"{row.Id} was not written as an object.");
        var afterId = json.IndexOf("id") + 1;
        if (row.Likes is { } likes) json.Insert(afterId, "likes", likes);
        if (row.Downloads is { } downloads) json.Insert(afterId, "downloads", downloads);
        if (json["_atlas"] is JsonObject atlas)
        {
            Shorten(atlas);
            foreach (var item in atlas["evidence"] as JsonArray ?? []) LeaveOutDefaults(item as JsonObject ?? [], (string?)atlas["observed"]);
        }
        return json.ToJsonString(Plain);
    }

    /// <summary>What the reader of evidence assumes when nothing is said.</summary>
    private static void LeaveOutDefaults(JsonObject item, string? observed)
    {
        if ((string?)item["strength"] == nameof(Strength.Claimed)) item.Remove("strength");
        if ((string?)item["observedAt"] == observed) item.Remove("observedAt");
    }

    /// <summary>The dates of our sources are days.</summary>
    private static void Shorten(JsonNode node)
    {
        const string Midnight = "T00:00:00Z";
        if (node is JsonArray list)
            foreach (var item in list.OfType<JsonNode>()) Shorten(item);
        if (node is not JsonObject fields) return;
        foreach (var (name, value) in fields.ToList())
        {
            if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && (string?)value is { } text && text.EndsWith(Midnight, StringComparison.Ordinal)) fields[name] = text[..^Midnight.Length];
            else if (value is not null) Shorten(value);
        }
    }
}
