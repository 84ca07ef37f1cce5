using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Catalog;

/// <summary>A level of the evidence model, or a class of licence, as the columns of the catalogue number it. Numbers are only ever added.</summary>
public enum AxisLevel
{
    Unknown = 0,
    None = 1,
    Withdrawn = 2,
    Gated = 3,
    Public = 4,
    Described = 5,
    Partial = 6,
    Open = 7,
    UseRestricted = 8,
    LicenseeRestricted = 9,
    NonCommercial = 10,
    Proprietary = 11,
}

/// <summary>The words of the levels, in which they stand in verdicts and on pages.</summary>
public static class AxisWords
{
    private static readonly string[] Words =
    [
        Level.Unknown, Level.None, Level.Withdrawn, Level.Gated, Level.Public, Level.Described, Level.Partial, Level.Open,
        LicenseClass.UseRestricted, LicenseClass.LicenseeRestricted, LicenseClass.NonCommercial, LicenseClass.Proprietary,
    ];

    public static string Word(this AxisLevel level) => Words[(int)level];

    public static AxisLevel Read(string word) => (AxisLevel)Math.Max(0, Array.IndexOf(Words, word));
}
