using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Everything that was fetched about one model.</summary>
public sealed record ModelSources(HubModel Model, DateTimeOffset ObservedAt)
{
    /// <summary>The README, front matter and all; null when it was not fetched.</summary>
    public string? Card { get; init; }

    /// <summary>Small text files of the repository: licences, notices, use policies.</summary>
    public IReadOnlyList<RepoText> Files { get; init; } = [];

    /// <summary>What is known of a dataset by its id; null where datasets were not looked up.</summary>
    public Func<string, HubDataset?>? Datasets { get; init; }
}

/// <summary>A file of the repository that was read as text.</summary>
/// <param name="Path">Path within the repository.</param>
/// <param name="Text">Null when it could not be read as text; then <paramref name="Issue"/> says why.</param>
public sealed record RepoText(string Path, string? Text, string? Issue = null);
