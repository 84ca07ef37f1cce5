using System.Text;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Whether a model can be asked on this site's playground right now.</summary>
public sealed record HostedKey(string Name, string Label) : OptionKey(Name, Label)
{
    public override IReadOnlyList<(string Value, string Label)> Options { get; } = [("yes", "Yes"), ("no", "Not yet")];

    public override string? Read(string value) => value == "1" ? "yes" : base.Read(value);

    internal override bool CoversAll => true;

    internal override DocSet Passing(CatalogSnapshot index, string value, Workspace work)
    {
        int[] here = [.. index.Local.Hosted.Select(name => index.Names.Find(Encoding.UTF8.GetBytes(name))).OfType<int>().Order()];
        var hosted = DocSet.Listed(here, 0, here.Length);
        return value == "yes" ? hosted : work.Without(index.Live, work.AsBits(hosted));
    }
}
