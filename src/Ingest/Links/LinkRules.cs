using System.Net;

namespace ModelAtlas.Ingest.Links;

/// <summary>Which addresses that a card names may be asked at all. Where a name leads is for the handler to judge, when it connects.</summary>
public static class LinkRules
{
    private const int LongestUrl = 2_000;

    /// <returns>Null when the link may be followed, else why not.</returns>
    public static string? Refuse(string url)
    {
        if (url.Length > LongestUrl) return $"it has more than {LongestUrl} characters";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return "it is no absolute URL";
        if (uri.Scheme != Uri.UriSchemeHttps) return "only https is followed";
        if (!uri.IsDefaultPort) return "only port 443 is asked";
        if (uri.UserInfo.Length > 0) return "it carries a name or password";
        return uri.HostNameType == UriHostNameType.Dns && IsPublicName(uri.IdnHost.TrimEnd('.')) ? null : "its host is no public name";
    }

    /// <summary>Digits in circles and ideographic dots are an address once the name is spelled for the resolver.</summary>
    private static bool IsPublicName(string host) => host.Contains('.', StringComparison.Ordinal) && !IPAddress.TryParse(host, out _);
}
