using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What was said about a model, and when. After merging, <see cref="HubModel.SeenAt"/> dates the fields that are older than <paramref name="At"/>.</summary>
public sealed record Observation(HubModel Model, DateTime At)
{
    /// <summary>When a field of the model was last seen.</summary>
    public DateTime SeenAt(string field) => Model.SeenAt?.GetValueOrDefault(field, At) ?? At;
}
