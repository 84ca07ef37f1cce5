using System.Text.Json;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Reads <c>_atlas</c>: what our own facts file and our own tables say beside the hub's fields. Never read from anywhere else.</summary>
internal static class HubAtlasReader
{
    public static void Take(ref FieldReader fields, HubModelDraft draft)
    {
        if (fields.Token != JsonTokenType.StartObject)
        {
            fields.Wrong<object>("_atlas", "an object");
            return;
        }
        DateTime? observed = null;
        List<string>? sources = null;
        string? kind = null;
        List<EvidenceItem>? cited = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("observed"u8)) observed = fields.Date("_atlas.observed");
            else if (name.SequenceEqual("sources"u8)) sources = fields.Texts("_atlas.sources", 50, HubLimits.PathLength);
            else if (name.SequenceEqual("kind"u8)) kind = fields.Word("_atlas.kind");
            else if (name.SequenceEqual("evidence"u8)) cited = Evidence(ref fields);
            else if (name.SequenceEqual("removed"u8)) draft.Removed = fields.Flag("_atlas.removed");
            else if (name.SequenceEqual("withdrawn"u8)) draft.Withdrawn = fields.Flag("_atlas.withdrawn");
            else if (name.SequenceEqual("seen"u8)) draft.SeenAt = Dates(ref fields);
            else if (name.SequenceEqual("issues"u8)) draft.StoredIssues = fields.Texts("_atlas.issues", HubLimits.Issues, HubLimits.PathLength);
            else if (name.SequenceEqual("tagsTotal"u8)) draft.TagsTotal = (int?)fields.Count("_atlas.tagsTotal", int.MaxValue);
            else if (name.SequenceEqual("siblingsTotal"u8)) draft.SiblingsTotal = (int?)fields.Count("_atlas.siblingsTotal", int.MaxValue);
            else if (name.SequenceEqual("nulls"u8)) draft.Nulls = fields.Texts("_atlas.nulls", 10, HubLimits.NameLength);
            else
            {
                fields.Note("_atlas: a field that nothing reads");
                fields.Skip();
            }
        }
        if (observed is not null || sources is not null || kind is not null) draft.Atlas = new(observed, sources, kind);
        draft.Cited = cited?.ConvertAll(item => item.ObservedAt is null && observed is { } date ? item with { ObservedAt = date } : item);
    }

    private static List<EvidenceItem> Evidence(ref FieldReader fields)
    {
        var cited = new List<EvidenceItem>();
        if (fields.Token != JsonTokenType.StartArray)
        {
            fields.Wrong<object>("_atlas.evidence", "a list");
            return cited;
        }
        while (fields.NextElement())
            if (Item(ref fields) is { } item) cited.Add(item);
        return cited;
    }

    /// <summary>An item needs axis, state and source; the rest has a default. One that lacks them is no evidence.</summary>
    private static EvidenceItem? Item(ref FieldReader fields)
    {
        if (fields.Token != JsonTokenType.StartObject) return fields.Wrong<EvidenceItem>("_atlas.evidence", "an object");
        Axis? axis = null;
        Strength? strength = null;
        string? state = null, source = null, locator = null, quote = null, revision = null, extractor = null;
        DateTime? observed = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("axis"u8)) axis = Enum<Axis>(fields.Word("axis"));
            else if (name.SequenceEqual("state"u8)) state = fields.Word("state", HubLimits.LicenseText);
            else if (name.SequenceEqual("source"u8)) source = fields.Word("source", HubLimits.PathLength);
            else if (name.SequenceEqual("locator"u8)) locator = fields.Word("locator");
            else if (name.SequenceEqual("quote"u8)) quote = fields.Word("quote", 200);
            else if (name.SequenceEqual("revision"u8)) revision = fields.Word("revision");
            else if (name.SequenceEqual("observedAt"u8)) observed = fields.Date("observedAt");
            else if (name.SequenceEqual("extractor"u8)) extractor = fields.Word("extractor");
            else if (name.SequenceEqual("strength"u8)) strength = Enum<Strength>(fields.Word("strength"));
            else fields.Skip();
        }
        if (axis is { } known && state is not null && source is not null)
            return new(known, state, source, locator, quote, revision, observed, extractor ?? "cited", strength ?? Strength.Claimed);
        fields.Note("_atlas.evidence: an item without a known axis, state or source");
        return null;
    }

    private static Dictionary<string, DateTime>? Dates(ref FieldReader fields)
    {
        if (fields.Token != JsonTokenType.StartObject) return fields.Wrong<Dictionary<string, DateTime>>("_atlas.seen", "an object");
        var dates = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        while (fields.NextField(out var name))
        {
            var field = HubField.Text(name);
            if (fields.Date("_atlas.seen") is { } date) dates[field] = date;
        }
        return dates;
    }

    private static T? Enum<T>(string? word) where T : struct, Enum =>
        System.Enum.TryParse<T>(word?.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value)
        && System.Enum.IsDefined(value) ? value : null;
}
