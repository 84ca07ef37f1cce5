using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key whose values are names that publishers chose. A name nobody uses is no error: it lets nothing through.</summary>
public record NameKey : FacetKey
{
    private readonly TermKind _kind;

    internal NameKey(string name, string label, Column column, TermKind kind) : base(name, label) => (Column, _kind) = (column, kind);

    public override string Allowed => $"a name of at most {LongestValue} characters{(HasNone ? $", or {CatalogWords.None} for models without one" : "")}";

    internal override Column Column { get; }

    /// <summary>Of columns with one value a model, that value can be none.</summary>
    private bool HasNone => Column <= Column.Context;

    public override string? Read(string value) => PlainText.Clean(value) is { Length: > 0 and <= LongestValue } name ? name : null;

    public override string Describe(string value) => HasNone && value == CatalogWords.None ? "not given" : value;

    internal override (string Value, string Label)? NameOf(CatalogSnapshot index, int number) =>
        number == FacetColumn.None ? (CatalogWords.None, Describe(CatalogWords.None)) : Known(index, number);

    internal override IEnumerable<int> NumbersOf(CatalogSnapshot index, string value) => HasNone && value == CatalogWords.None ? [FacetColumn.None, .. Numbers(index, value)] : Numbers(index, value);

    private protected virtual (string Value, string Label)? Known(CatalogSnapshot index, int number) => index.Terms.Name(number) is { } name ? (name, name) : null;

    private protected virtual IEnumerable<int> Numbers(CatalogSnapshot index, string value) => index.Terms.Find(_kind, value) is { } number ? [number] : [];
}

/// <summary>The licence that governs, by our id, its SPDX id or the text a card gave.</summary>
public sealed record LicenseKey : NameKey
{
    internal LicenseKey(string name, string label) : base(name, label, Column.License, default)
    {
    }

    private protected override (string Value, string Label)? Known(CatalogSnapshot index, int number) => index.Terms.License(number) is { } license ? (license.Key, license.Name) : null;

    private protected override IEnumerable<int> Numbers(CatalogSnapshot index, string value) => index.Terms.FindLicenses(value);
}

/// <summary>The first part of a model's name.</summary>
public sealed record AuthorKey : NameKey
{
    internal AuthorKey(string name, string label) : base(name, label, Column.Author, TermKind.Author)
    {
    }

    private protected override (string Value, string Label)? Known(CatalogSnapshot index, int number) => (index.Authors[number], index.Authors[number]);

    private protected override IEnumerable<int> Numbers(CatalogSnapshot index, string value) => index.Authors.Find(value) is { } number ? [number] : [];
}
