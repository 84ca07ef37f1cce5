using System.Globalization;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Tokens of context. A K is a thousand to some and 1,024 to others: as the lower end it is the less, as the upper end the more.</summary>
public sealed record ContextKey(string Name, string Label) : RangeKey<long>(Name, Label)
{
    public override string Allowed => "a range of tokens such as 32K.., 8K..128K or 4096";

    protected override long? ReadEnd(string text, bool last)
    {
        if (text.Length is 0 or > 9) return null;
        var unit = char.ToUpperInvariant(text[^1]) switch { 'K' => last ? 1L << 10 : 1_000, 'M' => last ? 1L << 20 : 1_000_000, _ => 1 };
        return long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * unit : null;
    }

    protected override string Canonical(string text) => text.ToUpperInvariant();

    protected override long Number(long value) => value;

    /// <summary>Lengths of context are few.</summary>
    private protected override DocSet Within(CatalogSnapshot index, long low, long high, Workspace work) =>
        work.Union([.. index[Column.Context].Values.Numbers.Where(length => length >= Math.Max(0, low) && length <= high).Select(index[Column.Context].Of)]);
}
