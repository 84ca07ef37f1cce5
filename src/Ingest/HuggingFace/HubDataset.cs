using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>A dataset as a source described it. Null means the source did not say.</summary>
public sealed record HubDataset
{
    private const string LicenseTag = "license:";

    public string? HubId { get; init; }
    public required string Id { get; init; }
    public string? Author { get; init; }
    public string? Sha { get; init; }
    public DateTime? CreatedAt { get; init; }
    public DateTime? LastModified { get; init; }
    public bool? Private { get; init; }
    public bool? Disabled { get; init; }

    /// <summary>The hub no longer has it; only a visit says so.</summary>
    public bool? Removed { get; init; }

    /// <summary>Taken down for legal reasons; only a visit says so.</summary>
    public bool? Withdrawn { get; init; }
    public Gating? Gated { get; init; }
    public long? Downloads { get; init; }
    public long? Likes { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary><c>cardData.license</c>, a string or a list.</summary>
    public IReadOnlyList<string>? License { get; init; }
    public IReadOnlyList<string>? Issues { get; init; }

    /// <summary>Every licence that the card's field and the tags name, each once.</summary>
    public IEnumerable<string> Licenses => (License ?? [])
        .Concat(Tags?.Where(tag => tag.StartsWith(LicenseTag, StringComparison.Ordinal)).Select(tag => tag[LicenseTag.Length..]) ?? [])
        .Distinct(StringComparer.OrdinalIgnoreCase);
}
