using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Web.Hosting;

/// <summary>Where models run: the device of this machine, and other hosts that speak the OpenAI protocol.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Atlas:Inference";

    public string Device { get; set; } = "auto";

    public DeviceWish Wish => Enum.Parse<DeviceWish>(Device, ignoreCase: true);

    /// <summary>Bytes that all loaded models together may take; unset = what the machine has.</summary>
    public long? MemoryBytes { get; set; }

    public List<RemoteHostOptions> Remote { get; set; } = [];
}

internal sealed class RemoteHostOptions
{
    public string Name { get; set; } = "";
    public string BaseUrl { get; set; } = "";
    public string? ApiKeyFile { get; set; }

    /// <summary>Names of the models to offer from it, separated by commas; unset = what it lists itself.</summary>
    public string? Models { get; set; }
}

internal sealed class InferenceOptionsValidator : IValidateOptions<InferenceOptions>
{
    private static readonly string[] Devices = ["auto", "cpu", "cuda", "webgpu"];

    public ValidateOptionsResult Validate(string? name, InferenceOptions options)
    {
        List<string> wrong = [];
        if (!Devices.Contains(options.Device, StringComparer.Ordinal))
            wrong.Add($"Atlas__Inference__Device is '{options.Device}': give one of {string.Join(", ", Devices)}.");
        if (options.MemoryBytes is < 512L * 1024 * 1024)
            wrong.Add($"Atlas__Inference__MemoryBytes is {options.MemoryBytes}: give at least 536870912 bytes (512 MiB), or unset the setting.");
        foreach (var (index, host) in options.Remote.Index())
        {
            var key = $"Atlas__Inference__Remote__{index}";
            if (string.IsNullOrWhiteSpace(host.Name)) wrong.Add($"{key}__Name is missing: give the host a short name that is shown with its models.");
            if (!Uri.TryCreate(host.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo != "")
                wrong.Add($"{key}__BaseUrl is '{host.BaseUrl}': give an http or https URL without user name, such as http://127.0.0.1:8000/v1.");
            if (!string.IsNullOrEmpty(host.ApiKeyFile) && !File.Exists(host.ApiKeyFile))
                wrong.Add($"{key}__ApiKeyFile names '{host.ApiKeyFile}', which is not there: write the key into that file, or unset the setting.");
        }
        return wrong is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
