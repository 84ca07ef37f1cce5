namespace ModelAtlas.Domain.Catalog;

/// <summary>The three kinds of model. A model that nobody has looked at yet has none of them (null), never <see cref="Closed"/>.</summary>
public enum Openness
{
    OpenSource = 1,
    OpenWeights = 2,
    Closed = 3,
}

/// <summary>What a class rests on, strongest first.</summary>
public enum Basis
{
    /// <summary>A person confirmed it.</summary>
    Verified = 1,

    /// <summary>A text or file was read and matched.</summary>
    Evidenced = 2,

    /// <summary>Only the publisher's tag or metadata says so.</summary>
    Claimed = 3,

    /// <summary>It follows from something else, such as a base model.</summary>
    Inferred = 4,

    /// <summary>At least one axis that decides is unknown.</summary>
    NotEstablished = 5,
}

/// <summary>The four rungs of the G7 vocabulary of 29 May 2026. Closed models stand on none.</summary>
public enum Rung
{
    WeightsAvailable = 1,
    OpenWeights = 2,
    OpenSource = 3,
    OpenSourceOpenData = 4,
}

/// <summary>How a repository hands out its files: freely, at once to whoever asks (auto), or after the author approves (manual).</summary>
public enum Gating
{
    Unknown = 0,
    None = 1,
    Auto = 2,
    Manual = 3,

    /// <summary>Gated, but the source did not say which kind.</summary>
    Gated = 4,
}

/// <summary>Where a repository stands at its source. Everything but <see cref="Listed"/> keeps the last data seen.</summary>
public enum RepoState
{
    Listed = 0,

    /// <summary>No longer public: deleted, renamed away or made private. To a caller without a token the hub says no more than that.</summary>
    Gone = 1,

    /// <summary>The hub itself said so: a token of ours still sees it.</summary>
    Private = 2,
    Disabled = 3,
    Withdrawn = 4,

    /// <summary>Never a hub repository: a model that is only offered as a service.</summary>
    Service = 5,
}

/// <summary>How a model came from its base, in the hub's words.</summary>
public enum BaseRelation
{
    Unknown = 0,
    Finetune = 1,
    Quantized = 2,
    Adapter = 3,
    Merge = 4,

    /// <summary>Not made from it, but trained on the same data.</summary>
    SameData = 5,
}
