using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Every filter of the catalogue, in the order of the rail. A new one is a line here.</summary>
internal static class FilterKeys
{
    public static readonly IReadOnlyList<FilterKey> All =
    [
        new TextKey("q", "Text"),
        new ChoiceKey("class", "Class", Column.Class, CatalogWords.Classes),
        new ChoiceKey("conf", "Basis", Column.Basis, CatalogWords.BasisFilter),
        new ChoiceKey("rung", "G7 rung", Column.Rung, CatalogWords.Rungs),
        new ChoiceKey("weights", "Weights", Column.Weights, CatalogWords.Found),
        new ChoiceKey("code", "Code", Column.Code, CatalogWords.Found),
        new ChoiceKey("data", "Training data", Column.Data, CatalogWords.Found),
        new LicenseKey("license", "Licence"),
        LicenseFactKey.Family,
        LicenseFactKey.May,
        LicenseFactKey.No,
        LicenseFactKey.Osi,
        new PolicyKey("policy", "Policy"),
        new NameKey("task", "Task", Column.Task, TermKind.Task),
        new NameKey("lib", "Library", Column.Library, TermKind.Library),
        new FormatKey("fmt", "Format"),
        new AuthorKey("org", "Author"),
        new NameKey("lang", "Language", Column.Language, TermKind.Language),
        new NameKey("tag", "Tag", Column.Tag, TermKind.Tag),
        new AmountKey("params", "Parameters", CatalogSort.Params),
        new ContextKey("ctx", "Context"),
        new AmountKey("dl", "Downloads", CatalogSort.Downloads),
        new FitKey("fit", "Memory here"),
        new HostedKey("hosted", "On the playground"),
        new ChoiceKey("gated", "Access", Column.Gating, CatalogWords.GateFilter),
        new ChoiceKey("rel", "Made from", Column.Relation, CatalogWords.Origins) { Usual = "original" },
        new ChoiceKey("conflict", "Licence conflict", Column.Conflict, CatalogWords.YesOrNo),
        new ChoiceKey("state", "State", Column.State, CatalogWords.States),
        new DateKey("created", "Created", CatalogSort.Created),
        new DateKey("updated", "Updated", CatalogSort.Updated),
    ];

    /// <summary>Those of one column each, whose values are counted, most used first.</summary>
    public static readonly IReadOnlyList<FacetKey> Facets =
        [.. new[] { "class", "conf", "license", "task", "lib", "lang", "rel", "gated", "code", "data", "weights", "rung", "conflict", "state" }.Select(Find).OfType<FacetKey>()];

    /// <summary>Those with a few values that are no column.</summary>
    public static readonly IReadOnlyList<OptionKey> Options = [.. All.OfType<OptionKey>()];

    /// <summary>What the rail lists with counts, in its order.</summary>
    public static readonly IReadOnlyList<FilterKey> Rail =
    [
        .. new[]
        {
            "class", "policy", "may", "no", "license", "conf", "task", "fit", "hosted", "lib", "fmt", "lang", "rel", "gated", "code", "data", "weights", "lfam", "osi", "rung", "conflict", "state",
        }.Select(Find).OfType<FilterKey>(),
    ];

    /// <summary>Those of so many values that counting them takes longer: a part of the page by itself.</summary>
    public static readonly IReadOnlyList<FacetKey> Many = [.. new[] { "tag", "org" }.Select(Find).OfType<FacetKey>()];

    public static FilterKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);
}
