using System.Text.Json;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Writes <c>_atlas</c>, the part of stored facts that the hub has no names for.</summary>
internal static class HubAtlasWriter
{
    public static void Write(Utf8JsonWriter json, HubModel model)
    {
        if (IsEmpty(model)) return;
        json.WriteStartObject("_atlas");
        HubModelWriter.Date(json, "observed", model.Atlas?.Observed);
        HubModelWriter.Texts(json, "sources", model.Atlas?.Sources);
        HubModelWriter.Text(json, "kind", model.Atlas?.Kind);
        if (model.Removed == true) json.WriteBoolean("removed", true);
        if (model.Withdrawn == true) json.WriteBoolean("withdrawn", true);
        HubModelWriter.Number(json, "tagsTotal", model.TagsTotal);
        HubModelWriter.Number(json, "siblingsTotal", model.SiblingsTotal);
        HubModelWriter.Texts(json, "nulls", model.Nulls);
        HubModelWriter.Texts(json, "issues", model.Issues);
        if (model.SeenAt is { Count: > 0 } seen)
        {
            json.WriteStartObject("seen");
            foreach (var (field, date) in seen.OrderBy(field => field.Key, StringComparer.Ordinal)) json.WriteString(field, date);
            json.WriteEndObject();
        }
        if (model.Cited is { } cited)
        {
            json.WriteStartArray("evidence");
            foreach (var item in cited) Evidence(json, item);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static bool IsEmpty(HubModel model) =>
        model is { Atlas: null, Cited: null, TagsTotal: null, SiblingsTotal: null, Nulls: null, Issues: null, SeenAt: null or { Count: 0 } } and not ({ Removed: true } or { Withdrawn: true });

    private static void Evidence(Utf8JsonWriter json, EvidenceItem item)
    {
        json.WriteStartObject();
        json.WriteString("axis", item.Axis.ToString());
        json.WriteString("state", item.State);
        json.WriteString("source", item.Source);
        HubModelWriter.Text(json, "locator", item.Locator);
        HubModelWriter.Text(json, "quote", item.Quote);
        HubModelWriter.Text(json, "revision", item.Revision);
        HubModelWriter.Date(json, "observedAt", item.ObservedAt?.UtcDateTime);
        json.WriteString("extractor", item.Extractor);
        json.WriteString("strength", item.Strength.ToString());
        json.WriteEndObject();
    }
}
