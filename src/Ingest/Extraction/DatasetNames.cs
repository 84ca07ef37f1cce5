using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Tells a dataset id from a word that stands in its place: many cards give the name of a local loader or of a file.</summary>
internal static partial class DatasetNames
{
    private static readonly FrozenSet<string> Loaders = new[]
    {
        "imagefolder", "audiofolder", "videofolder", "generator", "csv", "json", "jsonl", "text", "parquet", "arrow", "pandas", "webdataset", "null", "none", "custom",
        "n/a", "na", "unknown", "private", "proprietary", "own", "local", "updated", "original", "data", "dataset", "datasets", "train", "training", "test", "other",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Instructions, conversations and preferences teach a model that was trained before; nobody's model began with them.</summary>
    public static bool IsForTuning(string name) => Tuning().IsMatch(name);

    public static bool Identifies(string name) => name.Length is > 1 and < 200 && !Loaders.Contains(name.Trim());

    [GeneratedRegex(@"instruct|alpaca|orca\b|dolphin|airoboros|sharegpt|oasst|openassistant|hh-rlhf|ultra(chat|feedback)|dolly|\blima\b|evol|wizardlm|vicuna|firefly|limarp|pippa|no_robots|capybara|openhermes|guanaco|magicoder|self-?instruct|gpt-?4|chat|dialog|conversation|preference|feedback|\b(sft|dpo|rlhf|orpo|kto|ppo)\b|-(sft|dpo|rlhf)\b|x?p3x?$|^flan|/flan|natural-instructions", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Tuning();
}
