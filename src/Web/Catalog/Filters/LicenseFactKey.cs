using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key over what is known of a model's licence. A licence nobody has read passes none of its values.</summary>
public sealed record LicenseFactKey : OptionKey
{
    private readonly IReadOnlyList<LicenseTest> _tests;

    private LicenseFactKey(string name, string label, bool all, IReadOnlyList<LicenseTest> tests) : base(name, label) =>
        (NeedsAll, _tests, Options) = (all, tests, [.. tests.Select(test => (test.Id, test.Label))]);

    public static LicenseFactKey Family { get; } = new("lfam", "Licence family", all: false,
        [.. LicenseDesk.All.Select(license => license.Family).Distinct().Order(StringComparer.Ordinal).Select(family => new LicenseTest(family, Words(family), license => license.Family == family))]);

    public static LicenseFactKey Osi { get; } = new("osi", "OSI approved", all: false,
        [new("yes", "Yes", license => license.OsiApproved is true), new("no", "No", license => license.OsiApproved is false)]);

    public static LicenseFactKey May { get; } = new("may", "Licence lets you", all: true,
    [
        Permits("commercial", "use it commercially", FactTag.CommercialUse), Permits("modify", "change it", FactTag.Modifications),
        Permits("redistribute", "pass it on", FactTag.Distribution), Permits("train-on-output", "train on its outputs", FactTag.OutputTraining),
    ]);

    public static LicenseFactKey No { get; } = new("no", "Without", all: true,
    [
        Lacks("mau-cap", "a limit of users", FactTag.UserThreshold), Lacks("nc", "a ban on commercial use", FactTag.NonCommercial),
        Lacks("use-list", "a list of forbidden uses", FactTag.UseRestrictions), Lacks("share-alike", "share-alike", FactTag.SameLicense),
        new("gated", "a gate", null),
    ]);

    public override bool NeedsAll { get; }

    public override IReadOnlyList<(string Value, string Label)> Options { get; }

    internal override DocSet Passing(CatalogSnapshot index, string value, Workspace work) => work.Union([.. Passing(index, _tests.First(test => test.Id == value))]);

    private static IEnumerable<DocSet> Passing(CatalogSnapshot index, LicenseTest test) => test.Passes is not { } passes
        ? [index[Column.Gating].Of((int)Gating.None)]
        : Licenses(index, passes).Select(index[Column.License].Of);

    internal override int[]? LicensesOf(CatalogSnapshot index, string value) =>
        _tests.First(test => test.Id == value).Passes is { } passes ? [.. Licenses(index, passes).Select(index[Column.License].Values.Find).OfType<int>()] : null;

    private static IEnumerable<int> Licenses(CatalogSnapshot index, Func<License, bool> passes) =>
        index.Terms.Licenses.Where(license => LicenseDesk.Find(license.Key) is { } known && passes(known)).Select(license => license.Id);

    private static LicenseTest Permits(string id, string label, FactTag tag) => new(id, label, license => license.Fact(tag).Answer is Answer.Yes or Answer.Conditional);

    private static LicenseTest Lacks(string id, string label, FactTag tag) => new(id, label, license => license.Fact(tag).Answer is Answer.No);

    private static string Words(string family) => char.ToUpperInvariant(family[0]) + family[1..].Replace('-', ' ');

    /// <param name="Passes">Null for what is asked of the model itself: that it is not gated.</param>
    private sealed record LicenseTest(string Id, string Label, Func<License, bool>? Passes);
}
