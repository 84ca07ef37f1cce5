using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What was said about a model, and when. After merging, <see cref="HubModel.SeenAt"/> dates the fields that are older than <paramref name="At"/>.</summary>
public sealed record Observation(HubModel Model, DateTime At)
{
    /// <summary>Date of a counter that no source has ever told: its 0 in the table means nothing.</summary>
    internal static readonly DateTime Never = HubLimits.Oldest;

    /// <summary>False for a field that no source has ever given, although a table has a value for it.</summary>
    public static bool IsTold(HubModel model, string field) => model.SeenAt?.TryGetValue(field, out var date) != true || date != Never;

    /// <summary>When a field of the model was last seen.</summary>
    public DateTime SeenAt(string field) => Model.SeenAt?.GetValueOrDefault(field, At) ?? At;
}
