using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Changes;

/// <summary>A verdict that says something else than the one before, the first one of a new model, or a person's word in its place.</summary>
/// <param name="Id">Of the later verdict, or of the override: rises with time.</param>
/// <param name="Conflict">Whether sources disagree about the licence now, and before.</param>
/// <param name="IsNew">There is nothing before: what it would say is what the verdict itself says.</param>
/// <param name="RuleBefore">Where it differs from <paramref name="Rule"/>, the rules changed too, not only the model.</param>
public sealed record CatalogChange(
    long Id, string RepoId, Openness? Before, Openness? After, Basis Basis, string? LicenseBefore, string? LicenseAfter,
    (bool Before, bool After) Conflict, bool IsNew, string RuleBefore, string Rule, string? Revision, DateTime ObservedBefore, DateTime ObservedAt, DateTime DecidedAt, PersonsWord? Word = null)
{
    public bool IsClass => Before != After;

    public bool IsLicense => LicenseBefore != LicenseAfter;

    public bool IsConflict => Conflict.Before != Conflict.After;

    /// <summary>What the sources say against each other, where they began to.</summary>
    public string? Disagreement { get; init; }
}

/// <summary>What a person set in place of the rules, or that it is over and the rules decide again.</summary>
public sealed record PersonsWord(string Reason, DateTime Until, bool IsOver);

/// <summary>Which changes.</summary>
public enum ChangeKind
{
    Any,
    Class,
    License,

    /// <summary>Sources began to disagree about the licence, or no longer do.</summary>
    Conflict,

    /// <summary>Models published not long before they came in, that people use.</summary>
    New,

    /// <summary>What changed with a new version of the rules.</summary>
    Rules,
}

/// <param name="Next">Where older ones go on; null when there are none.</param>
public sealed record ChangePage(IReadOnlyList<CatalogChange> Items, ChangeCursor? Next);
