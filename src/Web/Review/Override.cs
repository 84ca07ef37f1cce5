using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Review;

/// <summary>A class or a licence that a person has set for a model until a day. What the rules say stays beside it. One of a model holds at a time; those before it are kept.</summary>
public sealed class Override
{
    public int Id { get; init; }

    /// <summary>The model's name on the day it was set, which outlives its row.</summary>
    public required string RepoId { get; init; }

    /// <summary>The hub's identity of the model, which outlives its name. Null where no source had told it.</summary>
    public string? HubId { get; init; }

    /// <summary>Null leaves the class to the rules.</summary>
    public Openness? Class { get; init; }

    /// <summary>Of the licence desk; null leaves the licence to the rules.</summary>
    public string? LicenseKey { get; init; }
    public required string Reason { get; init; }
    public required string MadeBy { get; init; }
    public DateTime MadeAt { get; init; }
    public DateTime ExpiresAt { get; init; }

    /// <summary>When somebody took it back before its day, or put another in its place.</summary>
    public DateTime? EndedAt { get; init; }
    public string? EndedBy { get; init; }
}
