using System.Text.Json.Serialization;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Web.ModelPages;

namespace ModelAtlas.Web.Catalog;

internal sealed record ModelsAnswer(ModelItem[] Items, int Total, string? Next);

/// <param name="Id">The two route segments, owner/name.</param>
/// <param name="Class">open-source, open-weights, closed, or null while undecided.</param>
internal sealed record ModelItem(
    string Id, string? Class, string Basis, string? Rung, LicenseItem? License, bool Conflict, AxisLevels? Axes, string? Task, string? Library, string Author,
    long? Parameters, string Gated, string State, long? Downloads, int? Likes, int? Trending, DateTime? CreatedAt, DateTime? UpdatedAt, DateTime ObservedAt, string? Summary,
    OverrideItem? Override)
{
    public static ModelItem Of(CatalogRow row) => new(
        row.RepoId, row.Class.Id(), row.Basis.Id(), row.Rung.Id(),
        row.License is { } license ? new(license.Key, license.Name, license.SpdxId, license.Class) : null, row.Conflict, row.Axes, row.Task, row.Library, row.Author,
        row.Parameters, row.Gating.Id(), row.State.Id(), row.Downloads, row.Likes, row.Trending, row.CreatedAt, row.ModifiedAt, row.ObservedAt, row.Summary, OverrideItem.Of(row.Override));
}

/// <summary>What a person has set in place of the rules, and what the rules say.</summary>
internal sealed record OverrideItem(string? Class, string? License, string Reason, DateTime Until, string? RulesClass, string RulesBasis, string? RulesRung, string? RulesLicense, bool RulesConflict)
{
    public static OverrideItem? Of(RowOverride? set) => set is null ? null
        : new(set.Class.Id(), set.License?.Key, set.Reason, set.Until, set.Ruled.Class.Id(), set.Ruled.Basis.Id(), set.Ruled.Rung.Id(), set.Ruled.License?.Key, set.Ruled.Conflict);
}

internal sealed record LicenseItem(string Id, string Name, string? Spdx, string Class);

internal sealed record ModelAnswer(
    string Id, string? Class, string Basis, string? Rung, string? Lens, string? RuleVersion, LicenseFinding? License, AxisLevels? Axes, IReadOnlyList<ReasonItem> Reasons,
    IReadOnlyList<string> Missing, ModelItem Model, string? HubId, string? Sha, string Source, IReadOnlyList<BaseItem> Bases, IReadOnlyDictionary<string, int> Derived,
    IReadOnlyList<FileItem> Files, IReadOnlyList<string> Datasets, IReadOnlyList<string> Aliases, IReadOnlyList<PastItem> History)
{
    public static ModelAnswer Of(ModelDetail detail) => new(
        detail.Row.RepoId, detail.Row.Class.Id(), detail.Row.Basis.Id(), detail.Row.Rung.Id(), detail.Verdict?.Lens, detail.Verdict?.RuleVersion,
        detail.Verdict?.License, detail.Verdict?.Axes,
        [.. (detail.Verdict?.Reasons ?? []).Select(reason => new ReasonItem(reason.Rule, reason.Text, [.. reason.Evidence.Select(EvidenceEntry.Of)]))],
        detail.Verdict?.Missing ?? [], ModelItem.Of(detail.Row), detail.HubId, detail.Facts?.Sha, detail.Source,
        [.. detail.Bases.Found.Select(ancestor => new BaseItem(ancestor.RepoId, ancestor.Relation.Id(), ancestor.Depth, ancestor.Model?.Class.Id(), ancestor.Model?.License?.Key))],
        detail.Derived.Counts.ToDictionary(count => count.Relation.Id(), count => count.Count),
        [.. (detail.Facts?.Siblings ?? []).Select(file => new FileItem(file.Path, file.Size))],
        [.. detail.Datasets.Select(dataset => dataset.RepoId)], [.. detail.Aliases.Select(alias => alias.Alias)],
        [.. detail.History.Select(past => new PastItem(past.Class.Id(), past.Basis.Id(), past.LicenseKey, past.RuleVersion, past.Revision, past.ObservedAt, past.DecidedAt))]);
}

internal sealed record ReasonItem(string Rule, string Text, EvidenceEntry[] Evidence);

internal sealed record EvidenceEntry(
    string Axis, string State, string Source, string? Locator, string? Quote, string? Revision, DateTimeOffset? ObservedAt, string Extractor, string Strength)
{
    public static EvidenceEntry Of(EvidenceItem item) => new(
        item.Axis switch { Domain.Evidence.Axis.CodeTraining => "code_training", Domain.Evidence.Axis.CodeInference => "code_inference", var axis => axis.ToString().ToLowerInvariant() },
        item.State, item.Source, item.Locator, item.Quote, item.Revision, item.ObservedAt, item.Extractor, item.Strength.ToString().ToLowerInvariant());
}

internal sealed record BaseItem(string Id, string Relation, int Depth, string? Class, string? License);

internal sealed record FileItem(string Path, long? Size);

internal sealed record PastItem(string? Class, string Basis, string? License, string RuleVersion, string? Revision, DateTime ObservedAt, DateTime DecidedAt);

internal sealed record FacetsAnswer(int Total, IReadOnlyDictionary<string, FacetItem[]> Facets);

internal sealed record FacetItem(string Value, string Label, int Count);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelsAnswer))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(FacetsAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;
