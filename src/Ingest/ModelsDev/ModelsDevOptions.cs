using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.ModelsDev;

/// <summary>Where the list of models that are offered as a service comes from.</summary>
public sealed class ModelsDevOptions
{
    public const string Section = "Atlas:ModelsDev";

    /// <summary>https, or http on a loopback address.</summary>
    public string Endpoint { get; set; } = "https://models.dev";

    /// <summary>No request leaves. Set by <c>Atlas__Offline</c>.</summary>
    public bool Offline { get; set; }

    /// <summary>From the first byte sent to the last byte of the answer.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Of the whole answer, unpacked.</summary>
    public int MaxBytes { get; set; } = 32 << 20;

    public Uri ListUri => new(Endpoint.TrimEnd('/') + "/api.json");
}

internal sealed class ModelsDevOptionsValidator : IValidateOptions<ModelsDevOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelsDevOptions options)
    {
        if (!IsEndpoint(options.Endpoint))
            return ValidateOptionsResult.Fail($"Atlas__ModelsDev__Endpoint is '{options.Endpoint}': give an https URL, or http on a loopback address such as http://127.0.0.1:8090, without user name, query or fragment.");
        if (options.Deadline <= TimeSpan.Zero || options.Deadline > TimeSpan.FromHours(1))
            return ValidateOptionsResult.Fail($"Atlas__ModelsDev__Deadline is {options.Deadline}: give a time span above zero, up to one hour, such as 00:01:00.");
        if (options.MaxBytes is < 1024 or > 1 << 28)
            return ValidateOptionsResult.Fail($"Atlas__ModelsDev__MaxBytes is {options.MaxBytes}: 1024 to {1 << 28} are allowed.");
        return ValidateOptionsResult.Success;
    }

    private static bool IsEndpoint(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && uri is { UserInfo: "", Query: "", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && HubOptions.IsLoopbackHost(uri));
}
