using System.Text.Json.Serialization;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Changes;

internal sealed record ChangesAnswer(ChangeItem[] Items, int Total, string? Next);

/// <param name="Id">The model's.</param>
/// <param name="Class">What it is since then.</param>
/// <param name="Changed">class, license, conflict, or new alone: then what was before is what is.</param>
/// <param name="Disagreement">What sources say against each other about the licence, where they began to.</param>
/// <param name="Override">Where a person said so in place of the rules.</param>
internal sealed record ChangeItem(
    string Id, string? Class, string Basis, string[] Changed, string? ClassBefore, string? License, string? LicenseBefore, bool Conflict, bool ConflictBefore, string? Disagreement, string RuleVersion, string RuleVersionBefore,
    string? Revision, DateTime ObservedAt, DateTime DecidedAt, ChangeOverride? Override)
{
    public static ChangeItem Of(CatalogChange change) => new(
        change.RepoId, change.After.Id(), change.Basis.Id(), [.. Changes(change)], change.Before.Id(),
        change.LicenseAfter, change.LicenseBefore, change.Conflict.After, change.Conflict.Before, change.Disagreement, change.Rule, change.RuleBefore, change.Revision, change.ObservedAt, change.DecidedAt,
        change.Word is { } word ? new(word.Reason, word.Until, word.IsOver) : null);

    private static IEnumerable<string> Changes(CatalogChange change)
    {
        if (change.IsClass) yield return "class";
        if (change.IsLicense) yield return "license";
        if (change.IsConflict) yield return "conflict";
        if (change.IsNew) yield return "new";
    }
}

/// <param name="Ended">Whether it is its end that is told: the rules decide again.</param>
internal sealed record ChangeOverride(string Reason, DateTime ExpiresAt, bool Ended);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChangesAnswer))]
internal sealed partial class ChangeJson : JsonSerializerContext;
