using System.Collections.Frozen;

namespace ModelAtlas.Domain.Licenses.Names;

/// <summary>Canonical pages of licences. Only a whole known address counts, never a host or a beginning.</summary>
internal sealed class LicensePages(IReadOnlyList<License> licenses)
{
    private static readonly string[] Endings = [".html", ".htm", ".php", ".txt", ".md", "/legalcode", "/deed", "/deed.en", "/legalcode.en", "/"];

    private readonly FrozenDictionary<string, License> _pages = licenses
        .SelectMany(license => license.Pages, (license, page) => (Page: Trim(page), License: license))
        .DistinctBy(entry => entry.Page, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(entry => entry.Page, entry => entry.License, StringComparer.OrdinalIgnoreCase);

    public License? Find(string link)
    {
        if (!link.StartsWith("http", StringComparison.OrdinalIgnoreCase) || link.Contains(' ', StringComparison.Ordinal)) return null;
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || !uri.IsDefaultPort || uri.UserInfo.Length > 0) return null;
        return _pages.GetValueOrDefault(Trim(uri.Host + uri.AbsolutePath));
    }

    private static string Trim(string page)
    {
        if (page.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) page = page[4..];
        if (page.StartsWith("huggingface.co/", StringComparison.OrdinalIgnoreCase))
        {
            page = page.Replace("/resolve/main/", "/blob/main/", StringComparison.Ordinal).Replace("/raw/main/", "/blob/main/", StringComparison.Ordinal);
        }
        for (var ending = Ending(page); ending is not null; ending = Ending(page)) page = page[..^ending.Length];
        return page;
    }

    private static string? Ending(string page) => Array.Find(Endings, ending => page.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
