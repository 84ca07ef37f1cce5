using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>How much the models of the shelf may take.</summary>
public sealed class DownloadOptions
{
    public const string Section = "Atlas:Downloads";

    /// <summary>Most bytes of one model.</summary>
    public long ModelBytes { get; set; } = 64L << 30;

    /// <summary>Most bytes of all models together.</summary>
    public long TotalBytes { get; set; } = 256L << 30;
}

internal sealed class DownloadOptionsValidator : IValidateOptions<DownloadOptions>
{
    public ValidateOptionsResult Validate(string? name, DownloadOptions options) =>
        options.ModelBytes < 1 ? ValidateOptionsResult.Fail($"Atlas__Downloads__ModelBytes is {options.ModelBytes}: give the most bytes that one model may take.")
        : options.TotalBytes < options.ModelBytes ? ValidateOptionsResult.Fail($"Atlas__Downloads__TotalBytes is {options.TotalBytes}: give at least Atlas__Downloads__ModelBytes, {options.ModelBytes}.")
        : ValidateOptionsResult.Success;
}
