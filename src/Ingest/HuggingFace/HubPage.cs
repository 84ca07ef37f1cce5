using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>One answer of a listing. What could not be read stands beside what could.</summary>
/// <param name="Next">The next question, relative to the endpoint; null at the end.</param>
/// <param name="Stopped">Why the hub's next link is not followed; null when there is none or it is fine.</param>
/// <param name="Private">Rows that only our token can see. They are not ours to show and are left out.</param>
public sealed record HubPage(
    IReadOnlyList<HubModel> Models,
    IReadOnlyList<HubDataset> Datasets,
    IReadOnlyList<UnreadableElement> Unreadable,
    string? Next,
    string? Stopped,
    int Private)
{
    public int Rows => Models.Count + Datasets.Count + Unreadable.Count;
}
