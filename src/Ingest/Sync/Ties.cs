using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What two sources of the same moment come to when they differ. No answer depends on which came first; for licences and gates it is never the laxer one.</summary>
internal static class Ties
{
    public static T Greater<T>(T left, T right) where T : struct => Comparer<T>.Default.Compare(left, right) >= 0 ? left : right;

    public static Gating Stricter(Gating left, Gating right) => HubModelDraft.Stricter(left, right) ?? left;

    /// <summary>The one that says more; of equal length the later in the alphabet.</summary>
    public static string Longer(string left, string right) => Compare(left, right) >= 0 ? left : right;

    public static string? LongerOf(string? left, string? right) => left is null || right is null ? left ?? right : Longer(left, right);

    public static JsonElement Longer(JsonElement left, JsonElement right) => Compare(left.GetRawText(), right.GetRawText()) >= 0 ? left : right;

    public static HubSafetensors Longer(HubSafetensors left, HubSafetensors right) => Compare(Text(left), Text(right)) >= 0 ? left : right;

    public static HubGguf Longer(HubGguf left, HubGguf right) => Compare(left.ToString(), right.ToString()) >= 0 ? left : right;

    public static HubAtlas Longer(HubAtlas left, HubAtlas right) => Compare(Text(left), Text(right)) >= 0 ? left : right;

    public static IReadOnlyList<EvidenceItem> Longer(IReadOnlyList<EvidenceItem> left, IReadOnlyList<EvidenceItem> right) =>
        Compare(string.Join('\n', left), string.Join('\n', right)) >= 0 ? left : right;

    public static IReadOnlyList<string>? UnionOf(IReadOnlyList<string>? left, IReadOnlyList<string>? right) =>
        left is null || right is null ? left ?? right : Union(left, right);

    public static IReadOnlyList<string> Union(IReadOnlyList<string> left, IReadOnlyList<string> right) =>
        left.SequenceEqual(right) ? left : [.. left.Union(right).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<HubBase> Union(IReadOnlyList<HubBase> left, IReadOnlyList<HubBase> right) =>
        left.SequenceEqual(right) ? left : [.. left.Union(right).OrderBy(parent => parent.ToString(), StringComparer.Ordinal)];

    public static int Compare(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    private static string Text(HubSafetensors weights) =>
        $"{weights.Total} {string.Join(' ', weights.Parameters?.OrderBy(type => type.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, long>>())}";

    private static string Text(HubAtlas atlas) => $"{atlas.Observed:O} {atlas.Kind} {string.Join(' ', atlas.Sources ?? [])}";
}
