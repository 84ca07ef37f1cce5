using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>A <c>license_link</c> names a licence only where it leads to that licence's own page; a file in the repository is read, not guessed.</summary>
internal static class LicenseLinks
{
    public static string? Names(string link) =>
        link.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && LicenseDesk.Resolve(link) is { Match: NameMatch.Known, Licenses: [var license] } ? license.Id : null;
}
