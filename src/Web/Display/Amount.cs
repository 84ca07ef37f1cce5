using System.Globalization;

namespace ModelAtlas.Web.Display;

/// <summary>Large numbers in three digits and a unit, as people say them.</summary>
internal static class Amount
{
    public static string Short(long number) => number switch
    {
        < 1_000 => number.ToString(CultureInfo.InvariantCulture),
        < 999_500 => Scaled(number, 1e3, "K"),
        < 999_500_000 => Scaled(number, 1e6, "M"),
        < 999_500_000_000 => Scaled(number, 1e9, "B"),
        _ => Scaled(number, 1e12, "T"),
    };

    public static string Full(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Models(int number) => number == 1 ? "1 model" : $"{Full(number)} models";

    /// <summary>A whole number, but never 0 % of some and never 100 % of not all.</summary>
    public static string Percent(int part, int whole) => whole <= 0 ? "–" : (part, 100L * part / whole) switch
    {
        ( > 0, 0) => "<1 %",
        _ when part < whole && 200L * part >= 199L * whole => ">99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(100.0 * part / whole):0} %"),
    };

    public static string Bytes(long number) => number switch
    {
        < 1_000 => $"{number} B",
        < 999_500 => Scaled(number, 1e3, " kB"),
        < 999_500_000 => Scaled(number, 1e6, " MB"),
        < 999_500_000_000 => Scaled(number, 1e9, " GB"),
        _ => Scaled(number, 1e12, " TB"),
    };

    private static string Scaled(long number, double unit, string name)
    {
        var scaled = number / unit;
        return scaled.ToString(scaled < 9.995 ? "0.##" : scaled < 99.95 ? "0.#" : "0", CultureInfo.InvariantCulture) + name;
    }
}
