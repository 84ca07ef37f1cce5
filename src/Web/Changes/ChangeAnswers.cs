using System.Text.Json.Serialization;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Changes;

internal sealed record ChangesAnswer(ChangeItem[] Items, int Total, string? Next);

/// <param name="Id">The model's.</param>
/// <param name="Class">What it is since then.</param>
/// <param name="Override">Where a person said so in place of the rules.</param>
internal sealed record ChangeItem(
    string Id, string? Class, string Basis, string[] Changed, string? ClassBefore, string? License, string? LicenseBefore, string RuleVersion, string RuleVersionBefore,
    string? Revision, DateTime ObservedAt, DateTime DecidedAt, ChangeOverride? Override)
{
    public static ChangeItem Of(CatalogChange change) => new(
        change.RepoId, change.After.Id(), change.Basis.Id(), [.. Changes(change)], change.Before.Id(),
        change.LicenseAfter, change.LicenseBefore, change.Rule, change.RuleBefore, change.Revision, change.ObservedAt, change.DecidedAt,
        change.Word is { } word ? new(word.Reason, word.Until, word.IsOver) : null);

    private static IEnumerable<string> Changes(CatalogChange change)
    {
        if (change.IsClass) yield return "class";
        if (change.IsLicense) yield return "license";
    }
}

/// <param name="Ended">Whether it is its end that is told: the rules decide again.</param>
internal sealed record ChangeOverride(string Reason, DateTime ExpiresAt, bool Ended);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChangesAnswer))]
internal sealed partial class ChangeJson : JsonSerializerContext;
