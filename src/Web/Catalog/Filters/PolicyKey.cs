using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>What the policy of this site says of a model's licence.</summary>
public sealed record PolicyKey(string Name, string Label) : OptionKey(Name, Label)
{
    public override IReadOnlyList<(string Value, string Label)> Options { get; } = [("allowed", "Allowed"), ("review", "To be looked at"), ("denied", "Not allowed")];

    internal override DocSet Passing(CatalogSnapshot index, string value, Workspace work)
    {
        var wanted = value switch { "allowed" => PolicyOutcome.Allowed, "denied" => PolicyOutcome.Denied, _ => PolicyOutcome.Review };
        var policy = index.Local.Policy;
        DocSet Of(bool conflict) => work.Union(
        [
            .. index.Terms.Licenses.Where(license => policy.Judge(LicenseDesk.Find(license.Key), conflict).Outcome == wanted).Select(license => index[Column.License].Of(license.Id)),
            .. wanted == PolicyOutcome.Review ? [index[Column.License].Of(FacetColumn.None)] : Array.Empty<DocSet>(),
        ]);
        DocSet Where(bool conflict) => work.Intersection([Of(conflict), index[Column.Conflict].Of(conflict ? 1 : 0)]);
        return work.Union([Where(conflict: false), Where(conflict: true)]);
    }
}
