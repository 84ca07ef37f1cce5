using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A key with a few values that are no column of the catalogue; a rail can list them with counts all the same.</summary>
public abstract record OptionKey(string Name, string Label) : FilterKey(Name, Label)
{
    /// <summary>Whether each of several values has to hold, or any.</summary>
    public virtual bool NeedsAll => false;

    public abstract IReadOnlyList<(string Value, string Label)> Options { get; }

    /// <summary>Whether each model passes one of the options, and only one.</summary>
    internal virtual bool CoversAll => false;

    public override string Allowed => string.Join(", ", Options.Select(option => option.Value));

    public override string? Read(string value) => Find(value)?.Value;

    public override string Describe(string value) => Find(value)?.Label ?? value;

    internal override DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work)
    {
        DocSet[] sets = [.. values.Select(value => index.Kept.Of(this, value, index))];
        return NeedsAll ? work.Intersection(sets) : work.Union(sets);
    }

    /// <summary>The models of one value. Asked once for each snapshot, which keeps the answer.</summary>
    internal abstract DocSet Passing(CatalogSnapshot index, string value, Workspace work);

    /// <summary>Values of the column of licences whose models these are, where an option asks for nothing else; else null. Asked once for each snapshot too.</summary>
    internal virtual int[]? LicensesOf(CatalogSnapshot index, string value) => null;

    private (string Value, string Label)? Find(string value) => Options.FirstOrDefault(option => option.Value.Equals(value, StringComparison.OrdinalIgnoreCase)) is { Value: not null } found ? found : null;
}
