using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Web.Catalog;

/// <summary>What a person has set for a model, and what the rules say of it.</summary>
/// <param name="Class">Null where the class is left to the rules; so with the licence.</param>
public sealed record RowOverride(Openness? Class, LicenseName? License, string Reason, DateTime Until, RuledVerdict Ruled)
{
    /// <summary>The row as it holds while the override does.</summary>
    public static CatalogRow Apply(CatalogRow row, Openness? kind, string? licenseKey, string reason, DateTime until)
    {
        var license = licenseKey is not null && LicenseDesk.Find(licenseKey) is { } known ? known : null;
        var name = license is null ? null : new LicenseName(license.Id, license.Name, license.SpdxReference, license.Class);
        return row with
        {
            Override = new(kind, name, reason, until, new(row.Class, row.Basis, row.Rung, row.License, row.Conflict)),
            Class = kind ?? row.Class,
            Basis = kind is null ? row.Basis : Basis.Verified,
            Rung = kind is null || kind == row.Class ? row.Rung : null, // nobody has put the model on a rung under this class
            License = name ?? row.License,
            Conflict = row.Conflict && license is null,
            Axes = license is null ? row.Axes : row.Axes with { License = license.Class },
        };
    }
}

/// <summary>What the rules say where a person says something else.</summary>
public sealed record RuledVerdict(Openness? Class, Basis Basis, Rung? Rung, LicenseName? License, bool Conflict);
