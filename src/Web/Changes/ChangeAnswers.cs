using System.Text.Json.Serialization;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Changes;

internal sealed record ChangesAnswer(ChangeItem[] Items, int Total, string? Next);

/// <param name="Id">The model's.</param>
/// <param name="Class">What it is since then.</param>
internal sealed record ChangeItem(
    string Id, string? Class, string Basis, string[] Changed, string? ClassBefore, string? License, string? LicenseBefore, string RuleVersion, string RuleVersionBefore,
    string? Revision, DateTime ObservedAt, DateTime DecidedAt)
{
    public static ChangeItem Of(CatalogChange change) => new(
        change.RepoId, change.After.Id(), change.Basis.Id(), [.. Changes(change)], change.Before.Id(),
        change.LicenseAfter, change.LicenseBefore, change.Rule, change.RuleBefore, change.Revision, change.ObservedAt, change.DecidedAt);

    private static IEnumerable<string> Changes(CatalogChange change)
    {
        if (change.IsClass) yield return "class";
        if (change.IsLicense) yield return "license";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChangesAnswer))]
internal sealed partial class ChangeJson : JsonSerializerContext;
