namespace ModelAtlas.Domain.Catalog;

/// <summary>A verdict that says something else than the one before it, or the first one of a new model. Few verdicts are, so they are kept apart, found by the view <c>verdict_step</c> as verdicts are written.</summary>
public sealed class VerdictChange
{
    /// <summary>A model is new when it was published at most so many days before it came in: else a first import would be a list of novelties.</summary>
    public const int NewForDays = 30;

    public long VerdictId { get; init; }
    public int ModelId { get; init; }

    /// <summary>The verdict before; null for the first one of a new model.</summary>
    public long? BeforeId { get; init; }

    public ChangedParts Parts { get; init; }
}

/// <summary>What a verdict says otherwise than the one before. The numbers stand in the database.</summary>
[Flags]
public enum ChangedParts
{
    None = 0,
    Class = 1,
    License = 2,

    /// <summary>Sources began to disagree about the licence, or no longer do.</summary>
    Conflict = 4,

    /// <summary>Beside one of those before: it was judged by another version of the rules.</summary>
    Rules = 8,

    /// <summary>There is nothing before, and the model is new.</summary>
    New = 16,
}
