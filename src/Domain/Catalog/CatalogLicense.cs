namespace ModelAtlas.Domain.Catalog;

/// <summary>A licence that at least one model names. <see cref="Key"/> is an id of the licence desk, or the free text a card gave.</summary>
public sealed class CatalogLicense
{
    public int Id { get; init; }
    public required string Key { get; init; }

    /// <summary>Name to show; equals the key for a licence the desk does not know.</summary>
    public required string Name { get; init; }

    /// <summary>SPDX id or <c>LicenseRef-…</c>; null for an unknown licence.</summary>
    public string? SpdxId { get; init; }

    /// <summary>What the default rule reads, e.g. <c>open</c> or <c>non-commercial</c>.</summary>
    public required string LicenseClass { get; init; }

    /// <summary>False for a name that the licence desk has no facts about.</summary>
    public bool Known { get; init; }
}
