using System.Net;

namespace ModelAtlas.Web.Perimeter;

/// <summary>A site without an admin listens on this machine only: whoever reached it first from outside could try to become the admin.</summary>
internal static class PublicBind
{
    /// <summary>Why these addresses may not be listened on, in one line with the remedy; null when they may.</summary>
    public static string? Refusal(IEnumerable<string> urls, bool hasAdmin)
    {
        if (hasAdmin) return null;
        var open = urls.FirstOrDefault(url => !IsLocal(url));
        return open is null ? null :
            $"Refusing to listen on {open}, which other machines can reach, before this site has an admin: "
            + "run ./atlas admin create NAME first, or listen on http://127.0.0.1:5080 and use the set-up token.";
    }

    /// <summary>Every address the settings make the server listen on. Empty means the server's own default, which is localhost.</summary>
    public static IReadOnlyList<string> ConfiguredUrls(IConfiguration settings)
    {
        var urls = Split(settings["urls"]).ToList();
        if (urls.Count == 0)
        {
            urls.AddRange(Split(settings["http_ports"]).Select(port => $"http://*:{port}"));
            urls.AddRange(Split(settings["https_ports"]).Select(port => $"https://*:{port}"));
        }
        urls.AddRange(settings.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>());
        return urls;
    }

    /// <summary>Reads an address as the server does: whatever is neither localhost nor an IP address means all addresses.</summary>
    public static bool IsLocal(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return false;
        }
        return address.IsUnixPipe || address.IsNamedPipe
            || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
    }

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
