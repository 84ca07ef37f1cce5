using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key over what is known of a model's licence. A licence nobody has read passes none of its values.</summary>
public sealed record LicenseFactKey : FilterKey
{
    private readonly IReadOnlyList<LicenseTest> _tests;

    /// <summary>Whether each of several values has to hold, or any.</summary>
    private readonly bool _all;

    private LicenseFactKey(string name, string label, bool all, IReadOnlyList<LicenseTest> tests) : base(name, label) => (_all, _tests) = (all, tests);

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

    public override string Allowed => string.Join(", ", _tests.Select(test => test.Id));

    public override string? Read(string value) => Find(value)?.Id;

    public override string Describe(string value) => Find(value)?.Label ?? value;

    internal override DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work)
    {
        DocSet[] sets = [.. values.Select(Find).OfType<LicenseTest>().Select(test => work.Union([.. Passing(index, test)]))];
        return _all ? work.Intersection(sets) : work.Union(sets);
    }

    private static IEnumerable<DocSet> Passing(CatalogSnapshot index, LicenseTest test) => test.Passes is not { } passes
        ? [index[Column.Gating].Of((int)Gating.None)]
        : index.Terms.Licenses.Where(license => LicenseDesk.Find(license.Key) is { } known && passes(known)).Select(license => index[Column.License].Of(license.Id));

    private LicenseTest? Find(string value) => _tests.FirstOrDefault(test => test.Id.Equals(value, StringComparison.OrdinalIgnoreCase));

    private static LicenseTest Permits(string id, string label, FactTag tag) => new(id, label, license => license.Fact(tag).Answer is Answer.Yes or Answer.Conditional);

    private static LicenseTest Lacks(string id, string label, FactTag tag) => new(id, label, license => license.Fact(tag).Answer is Answer.No);

    private static string Words(string family) => char.ToUpperInvariant(family[0]) + family[1..].Replace('-', ' ');

    /// <param name="Passes">Null for what is asked of the model itself: that it is not gated.</param>
    private sealed record LicenseTest(string Id, string Label, Func<License, bool>? Passes);
}
