using System.Linq.Expressions;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>One key of the catalogue's URL that narrows the list: how its values are read, and which models they let through.</summary>
public abstract record FilterKey(string Name, string Label)
{
    public const int MostValues = 50;
    public const int LongestValue = 200;

    /// <summary>What a value may be, in words that follow "is".</summary>
    public abstract string Allowed { get; }

    /// <summary>One value as it stands for itself in every URL, or null if it is none.</summary>
    public abstract string? Read(string value);

    /// <summary>What a chip says of a value.</summary>
    public virtual string Describe(string value) => value;

    /// <summary>False when a comma is part of the value, not the end of one.</summary>
    public virtual bool IsList => true;

    public abstract Task<Expression<Func<CatalogModel, bool>>> WhereAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken);
}

/// <summary>A key over one column of few values, so that a rail can list them with counts.</summary>
public abstract record FacetKey(string Name, string Label, Expression<Func<CatalogModel, int?>> Column) : FilterKey(Name, Label)
{
    /// <summary>Null stands for rows without a value.</summary>
    public abstract Task<IReadOnlyList<int?>> NumbersAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken);

    /// <summary>Value and label of each number; a number left out is not offered.</summary>
    public abstract Task<IReadOnlyDictionary<int, (string Value, string Label)>> NamesAsync(AtlasDbContext db, IReadOnlyList<int> numbers, CancellationToken cancellationToken);

    public override async Task<Expression<Func<CatalogModel, bool>>> WhereAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        var numbers = await NumbersAsync(db, values, cancellationToken);
        var some = numbers.OfType<int>().ToArray();
        return numbers.Contains(null)
            ? Column.Then(number => number == null || some.Contains(number.Value))
            : Column.Then(number => number != null && some.Contains(number.Value));
    }
}
