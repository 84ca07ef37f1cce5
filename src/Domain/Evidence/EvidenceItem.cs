namespace ModelAtlas.Domain.Evidence;

public enum Axis
{
    Weights,
    License,
    CodeTraining,
    CodeInference,
    Data,

    /// <summary>Another model that this one was made from. The state is the relation, the quote the base's id or the name that prose gives it; without a quote the base is not named.</summary>
    Base,
}

/// <summary>How much an observation is worth, strongest first.</summary>
public enum Strength
{
    /// <summary>The thing itself was read: a licence text, a file list, a gate.</summary>
    Read,

    /// <summary>The publisher says so in metadata or prose.</summary>
    Claimed,

    /// <summary>It follows from something else, such as a library field or a base model.</summary>
    Inferred,
}

/// <summary>One fact that was seen about a model. A thing that was not found has no item, or one whose state is <c>unknown</c>; it is never <c>none</c>.</summary>
/// <param name="State">A level of the axis (see <see cref="Level"/>); for the licence an id or free text, for a base the relation.</param>
/// <param name="Source">Where it was seen: <c>list</c>, <c>card</c>, <c>file:LICENSE</c>, <c>dataset:owner/name</c>, <c>base:owner/name</c>, or a cited URL.</param>
/// <param name="Locator">Field, file or section within the source.</param>
/// <param name="Quote">The words or value seen, at most 200 characters.</param>
/// <param name="Revision">Commit of the repository the source was read at, where known.</param>
/// <param name="Extractor">Name of the rule that read it.</param>
public sealed record EvidenceItem(
    Axis Axis,
    string State,
    string Source,
    string? Locator,
    string? Quote,
    string? Revision,
    DateTimeOffset? ObservedAt,
    string Extractor,
    Strength Strength)
{
    private const string BasePrefix = "base:";

    /// <summary>True for a fact with a public source of its own, checked by whoever wrote the facts file.</summary>
    public bool IsCited() => Source.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>True for what a base gives or imposes, as against what the model says of itself.</summary>
    public bool IsInherited() => Source.StartsWith(BasePrefix, StringComparison.Ordinal);

    public static string InheritedFrom(string baseId) => BasePrefix + baseId;
}

/// <summary>All that is known about a model when its class is decided.</summary>
public sealed record EvidenceSet(IReadOnlyList<EvidenceItem> Items)
{
    public static readonly EvidenceSet Empty = new([]);

    public IEnumerable<EvidenceItem> Of(Axis axis) => Items.Where(item => item.Axis == axis);
}
