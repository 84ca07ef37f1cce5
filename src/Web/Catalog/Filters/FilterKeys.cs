using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Every filter of the catalogue, in the order of the rail. A new one is a line here.</summary>
internal static class FilterKeys
{
    public static readonly IReadOnlyList<FilterKey> All =
    [
        new TextKey("q", "Text"),
        new ChoiceKey("class", "Class", CatalogWords.Classes, model => (int?)model.Class),
        new ChoiceKey("conf", "Basis", CatalogWords.BasisFilter, model => (int)model.Basis),
        new ChoiceKey("rung", "G7 rung", CatalogWords.Rungs, model => (int?)model.Rung),
        new LicenseKey("license", "Licence", model => model.LicenseId),
        new NameKey("task", "Task", TermKind.Task, model => model.TaskId),
        new NameKey("lib", "Library", TermKind.Library, model => model.LibraryId),
        new NameKey("org", "Author", TermKind.Author, model => model.AuthorId),
        new AnyNameKey("lang", "Language", TermKind.Language, model => model.LanguageIds),
        new AnyNameKey("tag", "Tag", TermKind.Tag, model => model.TagIds),
        new AmountKey("params", "Parameters", model => model.Parameters),
        new ChoiceKey("gated", "Access", CatalogWords.GateFilter, model => (int)model.Gating),
        new ChoiceKey("conflict", "Licence conflict", CatalogWords.YesOrNo, model => model.Conflict ? 1 : 0),
        new ChoiceKey("state", "State", CatalogWords.States, model => (int)model.State),
        new DateKey("created", "Created", model => model.CreatedAt),
        new DateKey("updated", "Updated", model => model.ModifiedAt),
    ];

    /// <summary>Those that the rail lists with counts, most used first.</summary>
    public static readonly IReadOnlyList<FacetKey> Facets = [.. new[] { "class", "conf", "license", "task", "lib", "gated" }.Select(Find).OfType<FacetKey>()];

    public static FilterKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);
}
