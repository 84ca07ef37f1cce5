namespace ModelAtlas.Domain.Catalog;

/// <summary>A model as the catalogue lists it. Changes seldom; what changes daily is in <see cref="ModelCounters"/>.</summary>
public sealed class CatalogModel
{
    public int Id { get; init; }

    /// <summary>The hub's <c>_id</c> (24 hex digits), the only identity that survives a rename. Null where no source has told it.</summary>
    public string? HubId { get; init; }

    /// <summary>The two route segments, <c>owner/name</c>, in the hub's own letter case.</summary>
    public required string RepoId { get; init; }

    public required int AuthorId { get; init; }
    public int? TaskId { get; init; }
    public int? LibraryId { get; init; }
    public int[] LanguageIds { get; init; } = [];
    public int[] TagIds { get; init; } = [];

    /// <summary>The licence that governs (see <see cref="CatalogVerdict"/> for why); null when none was found.</summary>
    public int? LicenseId { get; init; }

    public Openness? Class { get; init; }
    public Basis Basis { get; init; }
    public Rung? Rung { get; init; }
    public bool Conflict { get; init; }

    /// <summary>What was found on each axis, as the verdict says it: lists show it and filters ask for it without reading verdicts.</summary>
    public AxisLevel WeightsLevel { get; init; }
    public AxisLevel LicenseLevel { get; init; }
    public AxisLevel CodeLevel { get; init; }
    public AxisLevel DataLevel { get; init; }

    /// <summary>Version of the rules that decided, and a hash of the judgement with its reasons (no dates): an equal hash means there is no new verdict.</summary>
    public required string RuleVersion { get; init; }
    public long VerdictHash { get; init; }

    /// <summary>Hash of what models made from this one take over (data level, licence, code): as long as it is the same, none of them is judged again.</summary>
    public long GiftHash { get; init; }

    /// <summary>The name without owner as people say it (<see cref="Lineage.ModelNames.Spoken"/>), by which prose finds it.</summary>
    public string SpokenName { get; init; } = "";

    public Gating Gating { get; init; }
    public RepoState State { get; init; }
    public DateTime? CreatedAt { get; init; }
    public DateTime? ModifiedAt { get; init; }

    /// <summary>Number of parameters, as <c>safetensors.total</c> or <c>gguf.total</c> gives it.</summary>
    public long? Parameters { get; init; }

    /// <summary>Longest context in tokens, as <c>gguf.context_length</c> gives it.</summary>
    public int? ContextLength { get; init; }

    public string? Summary { get; init; }

    /// <summary>When the newest observation that went into this row was made, and by which source.</summary>
    public DateTime ObservedAt { get; init; }
    public required string Source { get; init; }

    /// <summary>XxHash64 of the newest observation's stable content (no counters): an equal hash means there is nothing to write.</summary>
    public long ObservationHash { get; init; }

    /// <summary>From one sequence, taken at every change of content or verdict, so that an index can ask what changed.</summary>
    public long Rev { get; init; }
}

/// <summary>What changes every day, in a narrow table with no index but its key, so that an update stays a HOT update.</summary>
public sealed class ModelCounters
{
    public int ModelId { get; init; }

    /// <summary>Downloads of the last 30 days.</summary>
    public long Downloads { get; init; }
    public int Likes { get; init; }
    public int Trending { get; init; }
    public DateOnly SeenOn { get; init; }
}

/// <summary>All that was observed about a model, merged field by field, as UTF-8 JSON in the hub's field names. Read on the detail page and when rules change.</summary>
public sealed class ModelFacts
{
    public int ModelId { get; init; }
    public required byte[] Json { get; init; }
}

/// <summary>The README of a model, as it was when it was seen.</summary>
public sealed class ModelCard
{
    public int ModelId { get; init; }
    public required string Text { get; init; }

    /// <summary>Commit it was read at, where known.</summary>
    public string? Sha { get; init; }

    /// <summary>The licence file beside it, where one was read.</summary>
    public string? LicensePath { get; init; }
    public string? LicenseText { get; init; }
    public DateTime ObservedAt { get; init; }
}

/// <summary>When a model's card and licence file were last asked for, whether there were any or not.</summary>
public sealed class ModelCardVisit
{
    public int ModelId { get; init; }
    public DateTime VisitedAt { get; init; }
}

/// <summary>One base that a model's tags, metadata or prose name. The base itself may be unknown to the catalogue.</summary>
public sealed class ModelBase
{
    public int ModelId { get; init; }

    /// <summary>As it is named: an id, perhaps a former one, or the words of the prose ("Pythia 12B").</summary>
    public required string BaseRepoId { get; init; }
    public BaseRelation Relation { get; init; }

    /// <summary>The model that the name stands for; null when the catalogue does not know it.</summary>
    public int? BaseModelId { get; init; }

    /// <summary>The name without letter case, and spoken where it is no id, so that its model finds it when it arrives.</summary>
    public string BaseKey { get; init; } = "";
}

/// <summary>A dataset that a model names as training data.</summary>
public sealed class ModelDataset
{
    public int ModelId { get; init; }

    /// <summary>The dataset's id in lower case.</summary>
    public required string DatasetKey { get; init; }
}

/// <summary>A model that is to be judged again, because something that its verdict rests on has changed: a base or a dataset.</summary>
public sealed class DueModel
{
    public int ModelId { get; init; }
}

public enum AliasReason
{
    Renamed = 1,

    /// <summary>An id without owner, from before the hub gave every repository one.</summary>
    Legacy = 2,
}

/// <summary>A name under which a model was known. Old links keep working.</summary>
public sealed class ModelAlias
{
    public required string Alias { get; init; }
    public int ModelId { get; init; }
    public AliasReason Reason { get; init; }
    public DateTime Since { get; init; }
}
