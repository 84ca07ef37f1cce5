using System.Net;

namespace ModelAtlas.Web.Perimeter;

/// <summary>Under which names the site is reached, and whose word it takes for where a request came from.</summary>
internal sealed class PerimeterOptions
{
    public const string Section = "Atlas";

    /// <summary>Host names or addresses besides localhost, separated by commas: <c>atlas.example.org, *.lan, 192.168.1.5</c>.</summary>
    public string PublicHost { get; init; } = "";

    /// <summary>Addresses or networks of reverse proxies, separated by commas: <c>10.0.0.2, 172.16.0.0/12</c>. Nobody else's X-Forwarded headers count.</summary>
    public string Proxies { get; init; } = "";

    public IEnumerable<string> PublicHosts => Split(PublicHost).Select(Bracketed);

    public IEnumerable<string> ProxyList => Split(Proxies);

    /// <summary>What is wrong with these settings, in a sentence that names key and value; null when nothing is.</summary>
    public static string? Complaint(PerimeterOptions options)
    {
        if (options.PublicHosts.FirstOrDefault(host => !IsHost(host)) is { } badHost)
            return $"Atlas__PublicHost names '{badHost}', which is no host: give names or addresses without scheme and port, separated by commas.";
        if (options.ProxyList.FirstOrDefault(proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)) is { } badProxy)
            return $"Atlas__Proxies names '{badProxy}', which is no address: give addresses or networks such as 10.0.0.2 or 172.16.0.0/12, separated by commas.";
        return null;
    }

    // A bare "*" would let every name in, and with it every page that points its own name at this machine.
    private static bool IsHost(string host) =>
        Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is not UriHostNameType.Unknown;

    private static string Bracketed(string host) =>
        !host.StartsWith('[') && Uri.CheckHostName(host) is UriHostNameType.IPv6 ? $"[{host}]" : host;

    private static string[] Split(string list) => list.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
