namespace ModelAtlas.Web.Review;

/// <summary>Somebody's objection to what the catalogue says of a model. Open until a person has answered it; never deleted.</summary>
public sealed class Dispute
{
    public int Id { get; init; }

    /// <summary>The model's name, which outlives its row.</summary>
    public required string RepoId { get; init; }
    public DisputeSubject Subject { get; init; }

    /// <summary>What is wrong, in the words of whoever said so. Shown to admins only.</summary>
    public required string Text { get; init; }
    public string? Source { get; init; }
    public DateTime OpenedAt { get; init; }
    public DisputeState State { get; init; }
    public DateTime? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }

    /// <summary>Why it was closed as it was; shown to everybody.</summary>
    public string? Answer { get; init; }
}

public enum DisputeSubject
{
    Class = 1,
    License = 2,
    Evidence = 3,
    Other = 4,
}

public enum DisputeState
{
    Open = 1,
    Accepted = 2,
    Refused = 3,
}

/// <summary>One act of a person that changed something. Only ever added.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }
    public DateTime At { get; init; }
    public required string Who { get; init; }
    public required string What { get; init; }
    public required string Subject { get; init; }
    public string? Reason { get; init; }
}
