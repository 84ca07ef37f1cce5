using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>A model as a source described it: wire record in the hub's field names, nullable where the hub is careless, no opinions. Null means the source did not say.</summary>
public sealed record HubModel
{
    /// <summary><c>_id</c>: 24 hex digits.</summary>
    public string? HubId { get; init; }

    /// <summary><c>id</c>, or <c>modelId</c> of older answers: <c>owner/name</c>, or one segment for ids older than owners.</summary>
    public required string Id { get; init; }
    public string? Author { get; init; }
    public string? Sha { get; init; }
    public DateTime? CreatedAt { get; init; }
    public DateTime? LastModified { get; init; }
    public bool? Private { get; init; }
    public bool? Disabled { get; init; }
    public Gating? Gated { get; init; }
    public long? Downloads { get; init; }
    public long? Likes { get; init; }
    public long? TrendingScore { get; init; }
    public string? PipelineTag { get; init; }
    public string? LibraryName { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public HubCardData? CardData { get; init; }
    public IReadOnlyList<HubFile>? Siblings { get; init; }
    public HubSafetensors? Safetensors { get; init; }
    public HubGguf? Gguf { get; init; }

    /// <summary><c>config.architectures</c> and <c>config.model_type</c>.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }
    public string? ModelType { get; init; }

    /// <summary><c>baseModels</c>: what the hub itself resolved.</summary>
    public IReadOnlyList<HubBase>? BaseModels { get; init; }
    public long? UsedStorage { get; init; }

    /// <summary>True when the source says that the repository has been taken down.</summary>
    public bool? Removed { get; init; }

    /// <summary>True when the source says that it was taken down for legal reasons (451).</summary>
    public bool? Withdrawn { get; init; }

    /// <summary>How many tags and files there were, where more came than are kept.</summary>
    public int? TagsTotal { get; init; }
    public int? SiblingsTotal { get; init; }

    /// <summary>Fields this record has no name for, kept as they came, within bounds.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Other { get; init; }

    /// <summary>Names of fields that the source gave with no value (<c>null</c>), which says more than leaving them out.</summary>
    public IReadOnlyList<string>? Nulls { get; init; }

    /// <summary>One sentence for each field that was mended, cut or left out while reading.</summary>
    public IReadOnlyList<string>? Issues { get; init; }

    /// <summary>After merging: by field name, when it was last seen, for fields that the newest observation did not have.</summary>
    public IReadOnlyDictionary<string, DateTime>? SeenAt { get; init; }

    /// <summary><c>_atlas.evidence</c>: facts with a cited source. Read from the bundled facts file only; a hub answer cannot set it.</summary>
    public IReadOnlyList<EvidenceItem>? Cited { get; init; }

    /// <summary>The rest of <c>_atlas</c>, read from trusted files only.</summary>
    public HubAtlas? Atlas { get; init; }
}

/// <summary>What the bundled facts file says about a model beside the hub's fields.</summary>
/// <param name="Observed">When its values were true.</param>
/// <param name="Sources">Where they were read.</param>
/// <param name="Kind"><c>service</c> for a model that is only offered as a service.</param>
public sealed record HubAtlas(DateTime? Observed = null, IReadOnlyList<string>? Sources = null, string? Kind = null);

/// <summary>The keys of a card's front matter that the catalogue reads. A string and a list of one are the same here.</summary>
public sealed record HubCardData
{
    public IReadOnlyList<string>? License { get; init; }
    public string? LicenseName { get; init; }
    public string? LicenseLink { get; init; }
    public IReadOnlyList<string>? BaseModel { get; init; }
    public string? BaseModelRelation { get; init; }
    public IReadOnlyList<string>? Datasets { get; init; }
    public IReadOnlyList<string>? Language { get; init; }
    public string? PipelineTag { get; init; }
    public string? LibraryName { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? ExtraGatedPrompt { get; init; }
}

public sealed record HubFile(string Path, long? Size = null, string? Sha256 = null)
{
    /// <summary>Git's name of the content, for downloads alone: it is not kept, and no part of how two lists compare as text.</summary>
    internal string? BlobId { get; init; }
}

/// <param name="Total">Number of parameters (not bytes).</param>
public sealed record HubSafetensors(long? Total, IReadOnlyDictionary<string, long>? Parameters = null);

/// <param name="Total">Number of parameters (not bytes).</param>
public sealed record HubGguf(long? Total, string? Architecture = null, long? ContextLength = null);

public sealed record HubBase(string Id, string? Relation = null);
