namespace ModelAtlas.Domain.Catalog;

/// <summary>A dataset of the hub, kept because models name it as training data.</summary>
public sealed class CatalogDataset
{
    public int Id { get; init; }
    public string? HubId { get; init; }
    public required string RepoId { get; init; }
    public string[] Licenses { get; init; } = [];
    public Gating Gating { get; init; }
    public RepoState State { get; init; }
    public long Downloads { get; init; }
    public int Likes { get; init; }
    public DateTime? CreatedAt { get; init; }
    public DateTime? ModifiedAt { get; init; }
    public DateTime ObservedAt { get; init; }
    public required string Source { get; init; }
    public long ObservationHash { get; init; }
}
