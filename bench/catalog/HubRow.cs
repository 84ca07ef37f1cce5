using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Bench.Catalog;

/// <summary>A made-up model with the numbers of its names as the database has them.</summary>
internal sealed record HubRow(int Id, string Name, int Author)
{
    public short? Class { get; init; }
    public short Basis { get; init; }
    public short? Rung { get; init; }
    public short Gating { get; init; }
    public bool Conflict { get; init; }
    public AxisLevel WeightsLevel { get; init; }
    public AxisLevel LicenseLevel { get; init; }
    public AxisLevel CodeLevel { get; init; }
    public AxisLevel DataLevel { get; init; }
    public int? License { get; init; }
    public int? Task { get; init; }
    public int? Library { get; init; }
    public int[] Languages { get; init; } = [];
    public int[] Tags { get; init; } = [];
    public short? Relation { get; init; }
    public DateTime Created { get; init; }
    public DateTime Updated { get; init; }
    public long? Parameters { get; init; }
    public int? ContextLength { get; init; }
    public string? Summary { get; init; }
    public long Downloads { get; init; }
    public int Likes { get; init; }
    public int Trending { get; init; }
}
