namespace ModelAtlas.Domain.Catalog;

/// <summary>One dated judgement of a model: appended when class, basis, licence or rule version differ from the one before, never changed.</summary>
public sealed class CatalogVerdict
{
    public long Id { get; init; }
    public int ModelId { get; init; }
    public Openness? Class { get; init; }
    public Basis Basis { get; init; }
    public Rung? Rung { get; init; }
    public int? LicenseId { get; init; }

    /// <summary>Whether sources disagree about the licence, as <see cref="Document"/> says. The database keeps it.</summary>
    public bool Conflict { get; init; }

    public required string RuleVersion { get; init; }

    /// <summary>The repository's commit that the evidence is from, where known.</summary>
    public string? Revision { get; init; }

    public DateTime ObservedAt { get; init; }
    public DateTime DecidedAt { get; init; }

    /// <summary>The whole <see cref="Classification.Verdict"/> with its reasons and evidence, as JSON.</summary>
    public required string Document { get; init; }
}
