namespace ModelAtlas.Domain.Catalog;

/// <summary>How many models of one class there were on a day. The last count of a day stands.</summary>
public sealed class CatalogDay
{
    public DateOnly Day { get; init; }

    /// <summary>0 where none is decided.</summary>
    public Openness Class { get; init; }

    public int Models { get; init; }

    /// <summary>Of which everything that decides is known.</summary>
    public int Established { get; init; }

    /// <summary>Whose sources disagree about the licence.</summary>
    public int Conflicts { get; init; }
}
