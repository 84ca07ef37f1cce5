using System.Net;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Which hub is asked, as whom, and within which limits. The defaults suit huggingface.co and a caller without an account.</summary>
public sealed class HubOptions
{
    public const string Section = "Atlas:Hub";

    /// <summary>https, or http on a loopback address: a fake hub there is served like the real one.</summary>
    public string Endpoint { get; set; } = "https://huggingface.co";

    /// <summary>File that holds the access token and nothing else. Read again when it changes.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Where the hub's operators can reach whoever runs this crawler; part of the User-Agent.</summary>
    public string Contact { get; set; } = "https://github.com/ModelAtlas/ModelAtlas";

    /// <summary>No request leaves. Set by <c>Atlas__Offline</c> (<c>./atlas up --offline</c>).</summary>
    public bool Offline { get; set; }

    /// <summary>Rows of one list answer.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>Requests per five minutes that we allow ourselves; unset: what the hub's headers leave, or 400 where it sends none.</summary>
    public int? RequestsPerWindow { get; set; }

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of one request from the first byte sent to the last byte of the body.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes per second below which a body counts as stuck.</summary>
    public int MinimumRate { get; set; } = 1024;

    public int Retries { get; set; } = 6;
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait that the hub can make us take.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);

    public int MaxRedirects { get; set; } = 5;

    /// <summary>Domains, separated by commas, that the hub may hand a file on to: its stores of large files. A hub on loopback may name any other port of loopback.</summary>
    public string ContentHosts { get; set; } = "huggingface.co,hf.co";

    /// <summary>Limits on decoded bytes of a list, a detail answer and a card.</summary>
    public int ListBytes { get; set; } = 32 << 20;
    public int DetailBytes { get; set; } = 8 << 20;
    public int CardBytes { get; set; } = 1 << 20;

    public Uri EndpointUri => new(Endpoint.TrimEnd('/') + "/");

    /// <summary>Scheme, host and port agree with the endpoint's. Only files are ever fetched from anywhere else.</summary>
    public bool IsOwn(Uri uri) =>
        uri.IsAbsoluteUri && uri.UserInfo.Length == 0
        && Uri.Compare(uri, EndpointUri, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>A store that files may come from. It never gets the token.</summary>
    public bool IsContent(Uri uri) =>
        uri.IsAbsoluteUri && uri.UserInfo.Length == 0 && (uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort
            ? ContentHosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Any(host => uri.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase) || uri.IdnHost.EndsWith("." + host, StringComparison.OrdinalIgnoreCase))
            : uri.Scheme == Uri.UriSchemeHttp && IsLoopback && IsLoopbackHost(uri));

    public bool IsLoopback => IsLoopbackHost(EndpointUri);

    internal static bool IsLoopbackHost(Uri uri) =>
        uri.IdnHost == "localhost" || IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address);
}

internal sealed class HubOptionsValidator : IValidateOptions<HubOptions>
{
    public ValidateOptionsResult Validate(string? name, HubOptions options)
    {
        var wrong = Faults(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Faults(HubOptions options)
    {
        if (!IsEndpoint(options.Endpoint))
            yield return $"Atlas__Hub__Endpoint is '{options.Endpoint}': give an https URL, or http on a loopback address such as http://127.0.0.1:8090, without user name, query or fragment.";
        if (options.TokenFile is { Length: > 0 } file && !File.Exists(file))
            yield return $"Atlas__Hub__TokenFile names '{file}', which is not there: write the token into that file, or unset the setting to crawl without an account.";
        if (!Uri.TryCreate(options.Contact, UriKind.Absolute, out var contact) || contact.Scheme is not ("https" or "http" or "mailto") || options.Contact.AsSpan().ContainsAny("()\r\n"))
            yield return $"Atlas__Hub__Contact is '{options.Contact}': give an https or mailto URL under which the hub's operators can reach you.";
        if (options.BatchSize is < 1 or > 1000)
            yield return $"Atlas__Hub__BatchSize is {options.BatchSize}: 1 to 1000 are allowed.";
        if (options.RequestsPerWindow is < 1)
            yield return $"Atlas__Hub__RequestsPerWindow is {options.RequestsPerWindow}: give at least 1, or unset it.";
        if (options.Retries is < 0 or > 20)
            yield return $"Atlas__Hub__Retries is {options.Retries}: 0 to 20 are allowed.";
        if (options.MaxRedirects is < 0 or > 10)
            yield return $"Atlas__Hub__MaxRedirects is {options.MaxRedirects}: 0 to 10 are allowed.";
        foreach (var (key, value) in new[] { ("ConnectTimeout", options.ConnectTimeout), ("Deadline", options.Deadline), ("RetryDelay", options.RetryDelay), ("MaxWait", options.MaxWait) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
                yield return $"Atlas__Hub__{key} is {value}: give a time span above zero, up to one hour, such as 00:01:00.";
        }
        foreach (var (key, value) in new[] { ("ListBytes", options.ListBytes), ("DetailBytes", options.DetailBytes), ("CardBytes", options.CardBytes) })
        {
            if (value is < 1024 or > 1 << 28)
                yield return $"Atlas__Hub__{key} is {value}: 1024 to {1 << 28} are allowed.";
        }
    }

    private static bool IsEndpoint(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && uri is { UserInfo: "", Query: "", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && HubOptions.IsLoopbackHost(uri));
}
