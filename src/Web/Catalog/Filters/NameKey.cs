using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key whose values are names that publishers chose, kept in a dictionary table. A name nobody uses is no error: it lets nothing through.</summary>
public record NameKey(string Name, string Label, TermKind Kind, Expression<Func<CatalogModel, int?>> Column) : FacetKey(Name, Label, Column)
{
    public override string Allowed => $"a name of at most {LongestValue} characters, or {CatalogWords.None} for models without one";

    public override string? Read(string value) => PlainText.Clean(value) is { Length: > 0 and <= LongestValue } name ? name : null;

    public override string Describe(string value) => value == CatalogWords.None ? "not given" : value;

    public override async Task<IReadOnlyList<int?>> NumbersAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        var ids = await db.Terms.Where(term => term.Kind == Kind && values.Contains(term.Name)).Select(term => (int?)term.Id).ToListAsync(cancellationToken);
        return values.Contains(CatalogWords.None) ? [.. ids, null] : ids;
    }

    public override async Task<IReadOnlyDictionary<int, (string Value, string Label)>> NamesAsync(
        AtlasDbContext db, IReadOnlyList<int> numbers, CancellationToken cancellationToken) =>
        await db.Terms.Where(term => numbers.Contains(term.Id)).ToDictionaryAsync(term => term.Id, term => (term.Name, term.Name), cancellationToken);
}

/// <summary>The licence that governs, by our id, its SPDX id or the text a card gave.</summary>
public sealed record LicenseKey(string Name, string Label, Expression<Func<CatalogModel, int?>> Column) : NameKey(Name, Label, default, Column)
{
    public override async Task<IReadOnlyList<int?>> NumbersAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        var patterns = values.Select(TextKey.EscapeLike).ToArray();
        var ids = await db.Licenses
            .Where(license => patterns.Any(pattern => EF.Functions.ILike(license.Key, pattern) || EF.Functions.ILike(license.SpdxId ?? "", pattern)))
            .Select(license => (int?)license.Id).ToListAsync(cancellationToken);
        return values.Contains(CatalogWords.None) ? [.. ids, null] : ids;
    }

    public override async Task<IReadOnlyDictionary<int, (string Value, string Label)>> NamesAsync(
        AtlasDbContext db, IReadOnlyList<int> numbers, CancellationToken cancellationToken) =>
        await db.Licenses.Where(license => numbers.Contains(license.Id)).ToDictionaryAsync(license => license.Id, license => (license.Key, license.Name), cancellationToken);
}

/// <summary>A name that is one of several a model has.</summary>
public sealed record AnyNameKey(string Name, string Label, TermKind Kind, Expression<Func<CatalogModel, int[]>> Column) : FilterKey(Name, Label)
{
    public override string Allowed => $"a name of at most {LongestValue} characters";

    public override string? Read(string value) => PlainText.Clean(value) is { Length: > 0 and <= LongestValue } name ? name : null;

    public override async Task<Expression<Func<CatalogModel, bool>>> WhereAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        var ids = await db.Terms.Where(term => term.Kind == Kind && values.Contains(term.Name)).Select(term => term.Id).ToArrayAsync(cancellationToken);
        return Column.Then(numbers => numbers.Any(number => ids.Contains(number)));
    }
}
