using System.Linq.Expressions;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key with a closed vocabulary.</summary>
public sealed record ChoiceKey(string Name, string Label, IReadOnlyList<Choice> Choices, Expression<Func<CatalogModel, int?>> Column) : FacetKey(Name, Label, Column)
{
    public override string Allowed => string.Join(", ", Choices.Select(choice => choice.Id).Distinct());

    public override string? Read(string value) => Find(value)?.Id;

    public override string Describe(string value) => Find(value)?.Label ?? value;

    public override Task<IReadOnlyList<int?>> NumbersAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int?>>([.. Choices.Where(choice => values.Contains(choice.Id, StringComparer.Ordinal)).Select(choice => choice.Value)]);

    public override Task<IReadOnlyDictionary<int, (string Value, string Label)>> NamesAsync(
        AtlasDbContext db, IReadOnlyList<int> numbers, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<int, (string, string)>>(
            Choices.Where(choice => choice.Value is not null).DistinctBy(choice => choice.Value).ToDictionary(choice => choice.Value ?? 0, choice => (choice.Id, choice.Label)));

    private Choice? Find(string value) => Choices.FirstOrDefault(choice => choice.Id.Equals(value, StringComparison.OrdinalIgnoreCase));
}
