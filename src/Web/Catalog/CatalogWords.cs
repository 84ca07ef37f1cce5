using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Catalog;

/// <summary>
/// One value of a closed vocabulary: its number in the database, its word in URLs and the API, and its words on a page.
/// In a filter several numbers may share a word; the first word of a number is the one a count is shown under.
/// </summary>
/// <param name="Alias">Another spelling that is understood.</param>
public sealed record Choice(int? Value, string Id, string Label, string? Alias = null);

/// <summary>The words for what the database keeps as numbers.</summary>
public static class CatalogWords
{
    public const string None = "none";

    /// <summary>Takes off a filter that pages set by themselves.</summary>
    public const string Any = "any";

    /// <summary>Stands beside the numbers of <see cref="BaseRelation"/> for a model that names no base.</summary>
    public const int Original = 100;

    public static readonly IReadOnlyList<Choice> Classes =
    [
        new((int)Openness.OpenSource, "open-source", "Open source"),
        new((int)Openness.OpenWeights, "open-weights", "Open weights"),
        new((int)Openness.Closed, "closed", "Closed"),
        new(null, None, "Undecided"),
    ];

    public static readonly IReadOnlyList<Choice> Bases =
    [
        new((int)Basis.Verified, "verified", "Verified"),
        new((int)Basis.Evidenced, "evidenced", "Evidenced"),
        new((int)Basis.Claimed, "claimed", "Claimed"),
        new((int)Basis.Inferred, "inferred", "Inferred"),
        new((int)Basis.NotEstablished, "not-established", "Not established"),
    ];

    public static readonly IReadOnlyList<Choice> Rungs =
    [
        new((int)Rung.WeightsAvailable, "weights-available", "Weights Available AI"),
        new((int)Rung.OpenWeights, "open-weights", "Open Weights AI"),
        new((int)Rung.OpenSource, "open-source", "Open Source AI"),
        new((int)Rung.OpenSourceOpenData, "open-source-open-data", "Open Source AI with Open Data"),
        new(null, None, "No rung"),
    ];

    public static readonly IReadOnlyList<Choice> Gates =
    [
        new((int)Gating.None, "no", "Not gated"),
        new((int)Gating.Auto, "auto", "Gated, opens at once"),
        new((int)Gating.Manual, "manual", "Gated, opens by approval"),
        new((int)Gating.Gated, "yes", "Gated"),
        new((int)Gating.Unknown, "unknown", "Not known"),
    ];

    /// <summary>Gated is gated, however it opens.</summary>
    public static readonly IReadOnlyList<Choice> GateFilter =
    [
        new((int)Gating.None, "no", "Not gated"),
        new((int)Gating.Auto, "yes", "Gated"),
        new((int)Gating.Manual, "yes", "Gated"),
        new((int)Gating.Gated, "yes", "Gated"),
        .. Gates.Where(gate => gate.Id is "auto" or "manual" or "unknown"),
    ];

    public static readonly IReadOnlyList<Choice> BasisFilter =
        [.. Bases, .. Bases.Where(basis => basis.Id != "not-established").Select(basis => basis with { Id = "established", Label = "Established" })];

    public static readonly IReadOnlyList<Choice> States =
    [
        new((int)RepoState.Listed, "listed", "Listed"),
        new((int)RepoState.Gone, "gone", "Gone from its source"),
        new((int)RepoState.Private, "private", "Made private"),
        new((int)RepoState.Disabled, "disabled", "Disabled by its source"),
        new((int)RepoState.Withdrawn, "withdrawn", "Weights withdrawn"),
        new((int)RepoState.Service, "service", "Offered as a service only"),
    ];

    public static readonly IReadOnlyList<Choice> Relations =
    [
        new((int)BaseRelation.Finetune, "finetune", "Fine-tune"),
        new((int)BaseRelation.Quantized, "quantized", "Quantisation", "quantised"),
        new((int)BaseRelation.Adapter, "adapter", "Adapter"),
        new((int)BaseRelation.Merge, "merge", "Merge"),
        new((int)BaseRelation.SameData, "same-data", "Trained on the same data"),
        new((int)BaseRelation.Unknown, "unknown", "Derived, how is not said"),
    ];

    public static readonly IReadOnlyList<Choice> Origins = [new(Original, "original", "Original"), .. Relations];

    /// <summary>How far something was found, whichever axis it is on.</summary>
    public static readonly IReadOnlyList<Choice> Found =
    [
        .. new[] { AxisLevel.Public, AxisLevel.Open }.Select(level => new Choice((int)level, "yes", "Yes")),
        .. new[] { AxisLevel.Gated, AxisLevel.Partial, AxisLevel.Described }.Select(level => new Choice((int)level, "partial", "In part")),
        .. new[] { AxisLevel.None, AxisLevel.Withdrawn }.Select(level => new Choice((int)level, "no", "No")),
        new((int)AxisLevel.Unknown, "unknown", "Not known"),
    ];

    public static readonly IReadOnlyList<Choice> YesOrNo = [new(1, "yes", "Yes"), new(0, "no", "No")];

    public static string? Id(this Openness? value) => value is null ? null : Of(Classes, (int)value).Id;
    public static string Id(this Basis value) => Of(Bases, (int)value).Id;
    public static string? Id(this Rung? value) => value is null ? null : Of(Rungs, (int)value).Id;
    public static string Id(this Gating value) => Of(Gates, (int)value).Id;
    public static string Id(this RepoState value) => Of(States, (int)value).Id;
    public static string Id(this BaseRelation value) => Of(Relations, (int)value).Id;

    public static string Label(this Openness? value) => Of(Classes, (int?)value).Label;
    public static string Label(this Basis value) => Of(Bases, (int)value).Label;
    public static string Label(this Rung? value) => Of(Rungs, (int?)value).Label;
    public static string Label(this Gating value) => Of(Gates, (int)value).Label;
    public static string Label(this RepoState value) => Of(States, (int)value).Label;
    public static string Label(this BaseRelation value) => Of(Relations, (int)value).Label;

    /// <summary>What a basis rests on, in a few words.</summary>
    public static string Meaning(this Basis value) => value switch
    {
        Basis.Verified => "a person checked it",
        Basis.Evidenced => "the text or file itself was read",
        Basis.Claimed => "only the publisher's tag says so",
        Basis.Inferred => "it follows from something else, such as a base model",
        _ => "something that decides is still unknown",
    };

    /// <summary>The class of a licence as the rules read it.</summary>
    public static string LicenseClass(string id) => id switch
    {
        "open" => "open",
        "use-restricted" => "limits what for",
        "licensee-restricted" => "limits who",
        "non-commercial" => "non-commercial",
        "proprietary" => "proprietary",
        _ => "not known to us",
    };

    private static Choice Of(IReadOnlyList<Choice> vocabulary, int? value) => vocabulary.FirstOrDefault(choice => choice.Value == value) ?? vocabulary[^1];
}
