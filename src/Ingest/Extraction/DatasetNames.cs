using System.Collections.Frozen;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Tells a dataset id from a word that stands in its place: many cards give the name of a local loader or of a file.</summary>
internal static class DatasetNames
{
    private static readonly FrozenSet<string> Loaders = new[]
    {
        "imagefolder", "audiofolder", "videofolder", "generator", "csv", "json", "jsonl", "text", "parquet", "arrow", "pandas", "webdataset", "null", "none", "custom",
        "n/a", "na", "unknown", "private", "proprietary", "own", "local", "updated", "original", "data", "dataset", "datasets", "train", "training", "test", "other",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Identifies(string name) => name.Length is > 1 and < 200 && !Loaders.Contains(name.Trim());
}
