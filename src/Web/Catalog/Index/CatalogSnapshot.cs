using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The whole catalogue as it was at one moment, made to be searched and counted. Nothing in it ever changes. A document is a model's place in it.</summary>
internal sealed record CatalogSnapshot
{
    /// <summary>Last change of content that is in here.</summary>
    public required long Rev { get; init; }

    /// <summary>Different for each snapshot of a process.</summary>
    public long Version { get; init; }

    /// <summary>Date of the newest observation, not of its import; null before the first.</summary>
    public required DateTime? AsOf { get; init; }

    /// <summary>Ids of the models, rising, those included that have gone since.</summary>
    public required int[] Ids { get; init; }

    /// <summary>Documents that are still in the catalogue.</summary>
    public required DocSet Live { get; init; }
    public required RepoNames Names { get; init; }
    public required AuthorNames Authors { get; init; }

    /// <summary>By <see cref="Column"/>.</summary>
    public required FacetColumn[] Facets { get; init; }

    /// <summary>By <see cref="CatalogSort"/>.</summary>
    public required SortOrder[] Orders { get; init; }
    /// <summary>What passes the options of filters that are no column; of this snapshot alone.</summary>
    public KeptSets Kept { get; init; } = new();

    public LocalFacts Local { get; init; } = LocalFacts.None;

    /// <summary>What persons have set in place of the rules: it is in the columns already.</summary>
    public OverrideTable Overrides { get; init; } = OverrideTable.None;

    public required TextIndex Text { get; init; }
    public required Terms Terms { get; init; }

    public int Documents => Ids.Length;

    public FacetColumn this[Column column] => Facets[(int)column];

    public SortOrder this[CatalogSort sort] => Orders[(int)sort];

    /// <summary>The document of an id; of an id that is not here, -1 - the document that is next.</summary>
    public int DocumentOf(int id) => Array.BinarySearch(Ids, id) is >= 0 and var found ? found : -1 - ~Array.BinarySearch(Ids, id);
}
