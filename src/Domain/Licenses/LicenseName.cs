namespace ModelAtlas.Domain.Licenses;

public enum NameMatch
{
    /// <summary>The name decides nothing: no licence of the desk, or not spelled like one.</summary>
    Unknown,

    /// <summary>One licence.</summary>
    Known,

    /// <summary>Several licences in an expression or list.</summary>
    Combined,

    /// <summary>One name that several licences bear. Any of them may be meant.</summary>
    Ambiguous,
}

/// <summary>What a declared licence name says.</summary>
/// <param name="Licenses">Every licence it may mean or combines, in the order named.</param>
/// <param name="Class">The class that governs: of licences that all apply or may be meant the strictest, of licences to choose from the laxest.</param>
/// <param name="Expression">Ids joined by AND and OR, unknown parts in quotes; null for an unknown name.</param>
/// <param name="Note">Why it was not understood, in one sentence.</param>
public sealed record LicenseName(NameMatch Match, IReadOnlyList<License> Licenses, string Class, string? Expression, string? Note)
{
    /// <summary>The licence whose class governs; null where a part that nobody knows governs.</summary>
    public License? Governing => Licenses.FirstOrDefault(license => license.Class == Class);

    internal static LicenseName Of(License license) => new(NameMatch.Known, [license], license.Class, license.Id, null);

    internal static LicenseName NotKnown(string note) => new(NameMatch.Unknown, [], LicenseClass.Unknown, null, note);

    internal static LicenseName AnyOf(IReadOnlyList<License> candidates) => new(
        NameMatch.Ambiguous,
        candidates,
        candidates.MaxBy(candidate => LicenseClass.Strictness(candidate.Class))?.Class ?? LicenseClass.Unknown,
        null,
        $"The name is used for {candidates.Count} licences: {string.Join(", ", candidates.Select(candidate => candidate.Id))}.");
}
