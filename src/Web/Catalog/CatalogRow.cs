using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;

namespace ModelAtlas.Web.Catalog;

/// <summary>A model as a list shows it.</summary>
public sealed record CatalogRow
{
    public required int Id { get; init; }
    public required string RepoId { get; init; }
    public required string Author { get; init; }
    public Openness? Class { get; init; }
    public Basis Basis { get; init; }
    public Rung? Rung { get; init; }
    public bool Conflict { get; init; }
    public LicenseName? License { get; init; }
    public string? Task { get; init; }
    public string? Library { get; init; }
    public Gating Gating { get; init; }
    public RepoState State { get; init; }
    public long? Parameters { get; init; }
    public int? ContextLength { get; init; }
    public string? Summary { get; init; }
    public long? Downloads { get; init; }
    public int? Likes { get; init; }
    public int? Trending { get; init; }
    public DateTime? CreatedAt { get; init; }
    public DateTime? ModifiedAt { get; init; }
    public DateTime ObservedAt { get; init; }

    /// <summary>Null where the rules alone have decided.</summary>
    public RowOverride? Override { get; init; }

    /// <summary>What was found on each axis.</summary>
    public required AxisLevels Axes { get; init; }
}

public sealed record LicenseName(string Key, string Name, string? SpdxId, string Class)
{
    /// <summary>As short as it is still clear: what fits into a column.</summary>
    public string Tag => SpdxId ?? Key;
}

/// <param name="Counts">How many there are in all, not on this page, and how they spread.</param>
/// <param name="Next">Where the API goes on; null at the end.</param>
public sealed record PageOf<T>(IReadOnlyList<T> Items, CatalogCounts Counts, string? Next)
{
    public int Total => Counts.Total;
}
