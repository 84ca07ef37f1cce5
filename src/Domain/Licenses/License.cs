namespace ModelAtlas.Domain.Licenses;

/// <summary>A licence the desk has facts about.</summary>
/// <param name="Id">Our id; for a licence of the Hub's list the Hub's own id.</param>
/// <param name="HubId">Id in the Hub's list of 83, null for a licence that only appears as <c>license_name</c>.</param>
/// <param name="SpdxId">Id in the SPDX list, in its letter case.</param>
/// <param name="Family">E.g. <c>permissive</c>, <c>strong-copyleft</c>, <c>rail</c>, <c>community</c>.</param>
/// <param name="Class">One of <see cref="LicenseClass"/>: what the classification rules read.</param>
/// <param name="Versions">What is known of other texts under the same name.</param>
/// <param name="Aliases">Names it is declared by. A name may belong to several licences; then it decides none.</param>
/// <param name="Pages">Canonical pages, without scheme and <c>www.</c></param>
public sealed record License(
    string Id,
    string? HubId,
    string? SpdxId,
    string Name,
    string Family,
    string Class,
    bool? OsiApproved,
    bool? FsfLibre,
    bool? MofOpen,
    string? Versions,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> Pages)
{
    /// <summary>What it permits, demands and forbids, one for each of <see cref="FactTag.All"/>, in that order.</summary>
    public required IReadOnlyList<LicenseFact> Facts { get; init; }

    /// <summary>Where the facts were read; null as long as nobody has read the licence.</summary>
    public string? FactsSource { get; init; }

    /// <summary>An id that is valid in an SPDX document.</summary>
    public string SpdxReference => SpdxId ?? "LicenseRef-" + Id.Replace("+", "-plus", StringComparison.Ordinal);

    public LicenseFact Fact(FactTag tag) => Facts[tag.Index];
}
