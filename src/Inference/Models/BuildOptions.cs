using System.Text.Json.Serialization;
using ModelAtlas.Inference.Architectures.Conversion;

namespace ModelAtlas.Inference.Models;

/// <summary>How a graph is built from weights that come without one.</summary>
public sealed record BuildOptions
{
    /// <summary>Folder that built graphs are kept in.</summary>
    public string Home { get; init; } = BuiltModels.UsualHome;

    /// <summary>Bytes that all built graphs may take; those unasked the longest leave first.</summary>
    public long QuotaBytes { get; init; } = 100L * 1024 * 1024 * 1024;

    /// <summary>The model that an adapter belongs to.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>Nothing is written: what is not there yet is only described.</summary>
    public bool OnlyLooks { get; init; }

    [JsonIgnore]
    public IProgress<BuildProgress>? Progress { get; init; }

    [JsonIgnore]
    public CancellationToken Stop { get; init; }
}
