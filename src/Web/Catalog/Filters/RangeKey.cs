using System.Globalization;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>A range of which either end may be open: <c>1B..7B</c>, <c>..7B</c>, <c>2024-06..</c>, or one value. A row without a value is in no range.</summary>
public abstract record RangeKey<T>(string Name, string Label) : FilterKey(Name, Label) where T : struct, IComparable<T>
{
    private const string Between = "..";

    public override bool IsList => false;

    public override string Describe(string value) => Ends(value) switch
    {
        ("", var to) => $"up to {to}",
        (var from, "") => $"{from} and more",
        var (from, to) => from == to ? from : $"{from} to {to}",
    };

    public override string? Read(string value)
    {
        var (from, to) = Ends(value.Trim());
        var low = ReadEnd(from, last: false);
        var high = ReadEnd(to, last: true);
        if ((from.Length > 0 && low is null) || (to.Length > 0 && high is null) || (low is null && high is null)) return null;
        if (low is { } first && high is { } final && first.CompareTo(final) > 0) return null;
        return from == to ? Canonical(from) : Canonical(from) + Between + Canonical(to);
    }

    internal override DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work)
    {
        var (from, to) = Ends(values[0]);
        var (low, high) = (ReadEnd(from, last: false), ReadEnd(to, last: true));
        return Within(index, low is { } first ? Number(first) : long.MinValue, high is { } last ? Number(last) : long.MaxValue, work);
    }

    private protected abstract DocSet Within(CatalogSnapshot index, long low, long high, Workspace work);

    /// <summary>The value an end stands for; the last one it covers if <paramref name="last"/> (a month has a last day). Null if it is none.</summary>
    protected abstract T? ReadEnd(string text, bool last);

    protected abstract string Canonical(string text);

    /// <summary>As the order keeps it.</summary>
    protected abstract long Number(T value);

    private static (string From, string To) Ends(string value) =>
        value.IndexOf(Between, StringComparison.Ordinal) is >= 0 and var at ? (value[..at].Trim(), value[(at + Between.Length)..].Trim()) : (value, value);
}

/// <summary>Numbers with K, M, B or T.</summary>
public sealed record AmountKey(string Name, string Label, CatalogSort Sort) : RangeKey<long>(Name, Label)
{
    public override string Allowed => "a range such as 1B..7B, ..500M or 70B.. (K, M, B and T stand for thousands to trillions)";

    protected override long? ReadEnd(string text, bool last)
    {
        if (text.Length is 0 or > 20) return null;
        decimal unit = char.ToUpperInvariant(text[^1]) switch { 'K' => 1e3m, 'M' => 1e6m, 'B' => 1e9m, 'T' => 1e12m, _ => 1 };
        var digits = unit == 1 ? text : text[..^1];
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 1_000_000_000_000m / Math.Max(1, unit / 1e6m)
            ? (long)(number * unit) : null;
    }

    protected override string Canonical(string text) => text.ToUpperInvariant();

    protected override long Number(long value) => value;

    private protected override DocSet Within(CatalogSnapshot index, long low, long high, Workspace work) => index[Sort].Within(low, high, work);
}

/// <summary>Days, months or years.</summary>
public sealed record DateKey(string Name, string Label, CatalogSort Sort) : RangeKey<DateTime>(Name, Label)
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    public override string Allowed => "a range of days, months or years such as 2024-01..2024-06, 2025.. or ..2023-12-31";

    protected override DateTime? ReadEnd(string text, bool last)
    {
        if (!DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var start)) return null;
        if (!last || start.Year == 9999) return start;
        var next = text.Length switch { 4 => start.AddYears(1), 7 => start.AddMonths(1), _ => start.AddDays(1) };
        return next.AddMicroseconds(-1);
    }

    protected override string Canonical(string text) => text;

    protected override long Number(DateTime value) => IndexTime.Of(value);

    private protected override DocSet Within(CatalogSnapshot index, long low, long high, Workspace work) => index[Sort].Within(low, high, work);
}
