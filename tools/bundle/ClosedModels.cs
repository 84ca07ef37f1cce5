using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>Models that are offered as a service only, from models.dev, each with the page of its maker that offers it.</summary>
internal static class ClosedModels
{
    private const string Day = "2026-07-02";
    private const string Source = $"models.dev api.json, {Day}";
    private const string Extractor = "facts-file";

    /// <summary>Terms of the makers whose page is certain; for the others the page that offers the model has to do.</summary>
    private static readonly Dictionary<string, string> Terms = new(StringComparer.Ordinal)
    {
        ["openai"] = "https://openai.com/policies/services-agreement/",
        ["anthropic"] = "https://www.anthropic.com/legal/commercial-terms",
        ["google"] = "https://ai.google.dev/gemini-api/terms",
        ["mistral"] = "https://mistral.ai/terms",
        ["xai"] = "https://x.ai/legal/terms-of-service-enterprise",
        ["perplexity"] = "https://www.perplexity.ai/hub/legal/perplexity-api-terms-of-service",
    };

    public static IEnumerable<HubModel> Read(string path, IReadOnlyCollection<string> leftOut)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        if (JsonNode.Parse(file) is not JsonObject makers) throw new InvalidDataException($"{path} is not an object.");
        foreach (var (maker, about) in makers)
        {
            var page = (string?)about?["doc"] ?? throw new InvalidDataException($"{path}: {maker} has no page.");
            foreach (var (name, model) in about?["models"]?.AsObject() ?? [])
            {
                var id = name.Contains('/', StringComparison.Ordinal) ? name : $"{maker}/{name}";
                if (model is not JsonObject facts || (bool?)facts["open_weights"] != false || leftOut.Contains(id)) continue;
                yield return Row(id, maker, page, facts);
            }
        }
    }

    private static HubModel Row(string id, string maker, string page, JsonObject facts)
    {
        var observed = CatalogueFiles.Day(Day);
        var other = facts.Where(field => field.Key is "name" or "family" or "release_date" or "knowledge" or "limit" or "modalities" or "status" && field.Value is not null)
            .ToDictionary(field => field.Key, field => JsonSerializer.SerializeToElement(field.Value), StringComparer.Ordinal);
        List<EvidenceItem> cited =
        [
            new(Axis.Weights, Level.None, "https://models.dev/api.json", $"{maker}.models.{id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..]}.open_weights", "false", null, observed, Extractor, Strength.Claimed),
            new(Axis.Weights, Level.None, page, "the maker's page for the service, as models.dev names it", null, null, observed, Extractor, Strength.Claimed),
        ];
        if (Terms.TryGetValue(maker, out var terms)) cited.Add(new(Axis.License, "proprietary", terms, "terms of the service", null, null, observed, Extractor, Strength.Claimed));
        return new()
        {
            Id = id,
            CreatedAt = Date(facts, "release_date"),
            LastModified = Date(facts, "last_updated"),
            PipelineTag = Task(id, facts),
            Tags = Tags(facts) is [_, ..] tags ? tags : null,
            Other = other,
            Cited = cited,
            Atlas = new(observed, terms is null ? [Source, page] : [Source, page, terms], "service"),
        };
    }

    /// <summary>A whole date; a month alone stays in <c>release_date</c>, where it claims no day.</summary>
    private static DateTime? Date(JsonObject facts, string field) =>
        DateTime.TryParseExact((string?)facts[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;

    private static List<string> Tags(JsonObject facts) =>
        [.. ((string[])["reasoning", "tool_call", "structured_output", "attachment"]).Where(tag => (bool?)facts[tag] == true)];

    /// <summary>models.dev names no task: it follows from what goes in and what comes out.</summary>
    private static string? Task(string id, JsonObject facts)
    {
        var takes = Modalities(facts, "input");
        var gives = Modalities(facts, "output");
        if (((string?)facts["family"])?.Contains("embed", StringComparison.Ordinal) == true || id.Contains("embed", StringComparison.Ordinal)) return "feature-extraction";
        if (gives.Contains("video")) return "text-to-video";
        if (gives.Contains("image")) return takes.Contains("image") ? "image-to-image" : "text-to-image";
        if (gives.Contains("audio")) return gives.Contains("text") ? "any-to-any" : "text-to-speech";
        if (takes is ["audio"]) return "automatic-speech-recognition";
        return takes.Any(kind => kind is "image" or "video" or "pdf") ? "image-text-to-text" : takes.Contains("audio") ? "audio-text-to-text" : "text-generation";
    }

    private static List<string> Modalities(JsonObject facts, string side) =>
        [.. (facts["modalities"]?[side] as JsonArray ?? []).Select(kind => (string?)kind).OfType<string>()];
}
