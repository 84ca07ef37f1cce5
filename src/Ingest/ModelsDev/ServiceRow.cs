using System.Globalization;
using System.Text.Json;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.ModelsDev;

/// <summary>One record of models.dev as a row of the catalogue: a model without weights, with the pages that say so.</summary>
internal static class ServiceRow
{
    public const string ListPage = "https://models.dev/api.json";
    private const string Extractor = "models-dev";

    private static readonly string[] Kept = ["name", "family", "release_date", "knowledge", "limit", "modalities", "status"];
    private static readonly string[] Abilities = ["reasoning", "tool_call", "structured_output", "attachment"];

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

    /// <param name="page">The maker's page for the service, where models.dev names one.</param>
    public static HubModel Of(string id, string maker, string name, string? page, JsonElement facts)
    {
        // The day on which models.dev changed the record, so that reading it again tomorrow is the same observation.
        var observed = Date(facts, "last_updated");
        List<EvidenceItem> cited = [new(Axis.Weights, Level.None, ListPage, $"{maker}.models.{name}.open_weights", "false", null, observed, Extractor, Strength.Claimed)];
        List<string> sources = ["models.dev api.json"];
        if (page is not null)
        {
            cited.Add(new(Axis.Weights, Level.None, page, "the maker's page for the service, as models.dev names it", null, null, observed, Extractor, Strength.Claimed));
            sources.Add(page);
        }
        if (Terms.TryGetValue(maker, out var terms))
        {
            cited.Add(new(Axis.License, "proprietary", terms, "terms of the service", null, null, observed, Extractor, Strength.Claimed));
            sources.Add(terms);
        }
        return new()
        {
            Id = id,
            CreatedAt = Date(facts, "release_date"),
            LastModified = observed,
            PipelineTag = Task(id, facts),
            Tags = Abilities.Where(ability => facts.TryGetProperty(ability, out var able) && able.ValueKind == JsonValueKind.True).ToList() is [_, ..] tags ? tags : null,
            Other = facts.EnumerateObject().Where(field => Kept.Contains(field.Name) && field.Value.ValueKind != JsonValueKind.Null).DistinctBy(field => field.Name)
                .ToDictionary(field => field.Name, field => field.Value.Clone(), StringComparer.Ordinal),
            Cited = cited,
            Atlas = new(null, sources, "service"),
        };
    }

    /// <summary>A whole date; a month alone stays in <c>release_date</c>, where it claims no day.</summary>
    private static DateTime? Date(JsonElement facts, string field) =>
        DateTime.TryParseExact(Text(facts, field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;

    /// <summary>models.dev names no task: it follows from what goes in and what comes out.</summary>
    private static string Task(string id, JsonElement facts)
    {
        var (takes, gives) = (Modalities(facts, "input"), Modalities(facts, "output"));
        if (Text(facts, "family")?.Contains("embed", StringComparison.Ordinal) == true || id.Contains("embed", StringComparison.Ordinal)) return "feature-extraction";
        if (gives.Contains("video")) return "text-to-video";
        if (gives.Contains("image")) return takes.Contains("image") ? "image-to-image" : "text-to-image";
        if (gives.Contains("audio")) return gives.Contains("text") ? "any-to-any" : "text-to-speech";
        if (takes is ["audio"]) return "automatic-speech-recognition";
        return takes.Exists(kind => kind is "image" or "video" or "pdf") ? "image-text-to-text" : takes.Contains("audio") ? "audio-text-to-text" : "text-generation";
    }

    private static List<string> Modalities(JsonElement facts, string side) =>
        facts.TryGetProperty("modalities", out var all) && all.ValueKind == JsonValueKind.Object && all.TryGetProperty(side, out var kinds) && kinds.ValueKind == JsonValueKind.Array
            ? [.. kinds.EnumerateArray().Where(kind => kind.ValueKind == JsonValueKind.String).Select(kind => kind.GetString() ?? "").Take(20)]
            : [];

    public static string? Text(JsonElement facts, string field) => facts.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
