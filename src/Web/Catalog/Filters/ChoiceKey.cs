using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key with a closed vocabulary.</summary>
public sealed record ChoiceKey : FacetKey
{
    private readonly IReadOnlyList<Choice> _choices;

    internal ChoiceKey(string name, string label, Column column, IReadOnlyList<Choice> choices) : base(name, label) => (Column, _choices) = (column, choices);

    public override string Allowed => string.Join(", ", [.. _choices.Select(choice => choice.Id).Distinct(), .. Usual is null ? [] : new[] { CatalogWords.Any }]);

    internal override Column Column { get; }

    public override string? Read(string value) => Find(value)?.Id;

    public override string Describe(string value) => Find(value)?.Label ?? value;

    internal override (string Value, string Label)? NameOf(CatalogSnapshot index, int number) =>
        _choices.FirstOrDefault(choice => (choice.Value ?? FacetColumn.None) == number) is { } found ? (found.Id, found.Label) : null;

    internal override IEnumerable<int> NumbersOf(CatalogSnapshot index, string value) =>
        _choices.Where(choice => choice.Id == value).Select(choice => choice.Value ?? FacetColumn.None);

    private Choice? Find(string value) => _choices.FirstOrDefault(choice => choice.Id.Equals(value, StringComparison.OrdinalIgnoreCase) || value.Equals(choice.Alias, StringComparison.OrdinalIgnoreCase));
}
