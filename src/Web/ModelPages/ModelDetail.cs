using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages;

/// <summary>All that a model's page and its API answer show.</summary>
/// <param name="Verdict">The newest; null before the model was judged.</param>
/// <param name="Facts">What its sources said; null where that cannot be read.</param>
public sealed record ModelDetail(
    CatalogRow Row,
    string? HubId,
    string Source,
    Verdict? Verdict,
    IReadOnlyList<PastVerdict> History,
    HubModel? Facts,
    FactDates Dates,
    IReadOnlyList<RawFact> RawFacts,
    Ancestry Bases,
    Derivatives Derived,
    IReadOnlyList<NamedDataset> Datasets,
    IReadOnlyList<ModelAlias> Aliases);

/// <param name="LicenseKey">Licence that governed then.</param>
public sealed record PastVerdict(
    Openness? Class, Basis Basis, Rung? Rung, string? LicenseKey, string RuleVersion, string? Revision, DateTime ObservedAt, DateTime DecidedAt);

/// <summary>A field as the source gave it, and when it was last seen there.</summary>
public sealed record RawFact(string Name, string Value, FactDate? Seen);

/// <summary>What a model was made from, nearest first.</summary>
/// <param name="IsWhole">False when there is more than is followed.</param>
public sealed record Ancestry(IReadOnlyList<Ancestor> Found, bool IsWhole);

/// <param name="Depth">1 for what the model itself names as its base.</param>
/// <param name="Model">Null when the catalogue does not have it.</param>
public sealed record Ancestor(int Depth, string RepoId, BaseRelation Relation, CatalogRow? Model)
{
    /// <summary>What was made from it; null for the model itself.</summary>
    public string? Child { get; init; }

    /// <summary>False for a model that was only trained on the same data, and for what that one was made from: their licences do not carry over.</summary>
    public bool Binds { get; init; } = true;
}

/// <param name="Top">The most downloaded of them.</param>
public sealed record Derivatives(IReadOnlyList<(BaseRelation Relation, int Count)> Counts, IReadOnlyList<CatalogRow> Top)
{
    public int Total => Counts.Sum(count => count.Count);
}

/// <param name="Known">Null when the catalogue does not have the dataset.</param>
public sealed record NamedDataset(string RepoId, CatalogDataset? Known);

/// <summary>What there is under a name: a model, another name for one, or nothing but similar names.</summary>
public sealed record Lookup(ModelDetail? Model, string? MovedTo, IReadOnlyList<CatalogRow> Similar);
