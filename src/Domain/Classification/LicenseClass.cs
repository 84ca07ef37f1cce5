namespace ModelAtlas.Domain.Classification;

/// <summary>What the rules read of a licence, from the most generous class to the strictest.</summary>
public static class LicenseClass
{
    public const string Open = "open";

    /// <summary>Limits what the model may be used for.</summary>
    public const string UseRestricted = "use-restricted";

    /// <summary>Limits who may use it: thresholds of users or revenue, excluded territory.</summary>
    public const string LicenseeRestricted = "licensee-restricted";

    public const string NonCommercial = "non-commercial";
    public const string Proprietary = "proprietary";
    public const string Unknown = "unknown";

    /// <summary>How strict a class is; an unknown one has no place in the order and gets 0.</summary>
    public static int Strictness(string licenseClass) => licenseClass switch
    {
        Open => 1,
        UseRestricted => 2,
        LicenseeRestricted => 3,
        NonCommercial => 4,
        Proprietary => 5,
        _ => 0,
    };
}
