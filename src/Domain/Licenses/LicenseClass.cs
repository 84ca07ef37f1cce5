namespace ModelAtlas.Domain.Licenses;

/// <summary>The classes of licence that the classification rules tell apart.</summary>
public static class LicenseClass
{
    public const string Open = "open";

    /// <summary>Limits what it may be used for.</summary>
    public const string UseRestricted = "use-restricted";

    public const string Unknown = "unknown";

    /// <summary>Limits who may use it: thresholds of users or revenue, excluded territories.</summary>
    public const string LicenseeRestricted = "licensee-restricted";

    public const string NonCommercial = "non-commercial";
    public const string Proprietary = "proprietary";

    private static readonly string[] LaxFirst = [Open, UseRestricted, Unknown, LicenseeRestricted, NonCommercial, Proprietary];

    /// <summary>Every class, from the laxest to the strictest. Unknown stands above those that a verdict may call open and below those that never are.</summary>
    public static IReadOnlyList<string> All => LaxFirst;

    public static int Strictness(string licenseClass) =>
        Array.IndexOf(LaxFirst, licenseClass) is >= 0 and var rank
            ? rank
            : throw new ArgumentOutOfRangeException(nameof(licenseClass), licenseClass, "is not a licence class");
}
