using ModelAtlas.Web.Catalog.Index;

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

    /// <summary>The value that a page takes where the address says none; null for most keys. Programs get what they ask for.</summary>
    public string? Usual { get; init; }

    /// <summary>False when a comma is part of the value, not the end of one.</summary>
    public virtual bool IsList => true;

    /// <summary>The models that pass.</summary>
    internal abstract DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work);
}

/// <summary>A key over one column, whose values a rail can list with counts.</summary>
public abstract record FacetKey(string Name, string Label) : FilterKey(Name, Label)
{
    internal abstract Column Column { get; }

    /// <summary>Value and label of a number of the column; null for one that is not offered.</summary>
    internal abstract (string Value, string Label)? NameOf(CatalogSnapshot index, int number);

    /// <summary>The column's numbers that a value means.</summary>
    internal abstract IEnumerable<int> NumbersOf(CatalogSnapshot index, string value);

    internal override DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work) =>
        work.Union([.. values.SelectMany(value => NumbersOf(index, value)).Distinct().Select(index[Column].Of)]);
}
