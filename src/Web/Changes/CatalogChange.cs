using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Changes;

/// <summary>A verdict whose class or licence is not that of the one before, or a person's word in its place.</summary>
/// <param name="Id">Of the later verdict, or of the override: rises with time.</param>
/// <param name="RuleBefore">Where it differs from <paramref name="Rule"/>, the rules changed too, not only the model.</param>
public sealed record CatalogChange(
    long Id, string RepoId, Openness? Before, Openness? After, Basis Basis, string? LicenseBefore, string? LicenseAfter,
    string RuleBefore, string Rule, string? Revision, DateTime ObservedBefore, DateTime ObservedAt, DateTime DecidedAt, PersonsWord? Word = null)
{
    public bool IsClass => Before != After;

    public bool IsLicense => LicenseBefore != LicenseAfter;
}

/// <summary>What a person set in place of the rules, or that it is over and the rules decide again.</summary>
public sealed record PersonsWord(string Reason, DateTime Until, bool IsOver);

/// <summary>Which changes.</summary>
public enum ChangeKind
{
    Any,
    Class,
    License,
}

/// <param name="Next">Where older ones go on; null when there are none.</param>
public sealed record ChangePage(IReadOnlyList<CatalogChange> Items, ChangeCursor? Next);
