namespace ModelAtlas.Domain.Catalog;

/// <summary>A model that somebody wants on the shelf: one row however many ask for it.</summary>
public sealed class ShelfJob
{
    public required string RepoId { get; init; }
    public ShelfState State { get; init; }

    /// <summary>Bytes here, of <see cref="Total"/>.</summary>
    public long Done { get; init; }

    public long Total { get; init; }

    /// <summary>What is being done, in words.</summary>
    public string? Step { get; init; }

    /// <summary>Why it failed, in one sentence.</summary>
    public string? Complaint { get; init; }

    public DateTime AskedAt { get; init; }

    /// <summary>When the bytes began to come; speed and time left are reckoned from it.</summary>
    public DateTime? StartedAt { get; init; }

    public DateTime ChangedAt { get; init; }
}

public enum ShelfState
{
    Waiting,
    Fetching,
    Ready,
    Failed,
    Cancelled,
}

/// <summary>Somebody has read the terms of a licence and accepted them.</summary>
public sealed class AcceptedTerms
{
    /// <summary>Account or browser.</summary>
    public required string Person { get; init; }

    /// <summary>The licence's key in the catalogue.</summary>
    public required string License { get; init; }

    /// <summary>SHA-256 of the text that was accepted; empty where only the licence's name was known.</summary>
    public required string TextSha256 { get; init; }

    public DateTime At { get; init; }
}
