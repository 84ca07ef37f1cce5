using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Whether a model would fit into the memory of this site.</summary>
public sealed record FitKey(string Name, string Label) : OptionKey(Name, Label)
{
    private static readonly Fit[] Fits = [Fit.Fits, Fit.Tight, Fit.TooLarge, Fit.Unknown];

    public override IReadOnlyList<(string Value, string Label)> Options { get; } = [.. Fits.Select(fit => (fit.Id(), fit.Label()))];

    internal override bool CoversAll => true;

    internal override DocSet Passing(CatalogSnapshot index, string value, Workspace work)
    {
        var fit = Fits.First(fit => fit.Id() == value);
        if (index.Local.Room is not { } room) return fit == Fit.Unknown ? index.Live : DocSet.Empty;
        if (fit != Fit.Unknown) return MachineFit.Range(fit, room) is var (low, high) && low <= high ? index[CatalogSort.Params].Within(low, high, work) : DocSet.Empty;
        return work.Without(index.Live, work.AsBits(index[CatalogSort.Params].Within(1, long.MaxValue, work)));
    }
}
