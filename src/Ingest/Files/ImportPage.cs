using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Files;

/// <summary>What the readers make of elements of one kind.</summary>
internal sealed class ImportPage(ElementKind kind)
{
    private readonly List<string> _issues = [];

    public List<HubModel> Models { get; } = [];
    public List<HubDataset> Datasets { get; } = [];
    public List<HubCard> Cards { get; } = [];
    public List<UnreadableElement> Unreadable { get; } = [];

    public void Take(ReadOnlyMemory<byte> element, long length, string position)
    {
        _issues.Clear();
        var reason = length > element.Length ? "longer than 16 MiB" : Read(element.Span);
        if (reason is not null) Unreadable.Add(UnreadableElement.Of(position, reason, element.Span, kind) with { RawLength = length });
    }

    /// <summary>Null when a row could be made of it.</summary>
    private string? Read(ReadOnlySpan<byte> json)
    {
        string? reason;
        switch (kind)
        {
            case ElementKind.Dataset:
                if (HubDatasetReader.TryRead(json, out var dataset, _issues, out reason)) Datasets.Add(dataset);
                return reason;
            case ElementKind.Card:
                if (!HubCardFile.TryRead(json, out var card, out var seen, out reason)) return reason;
                Cards.Add(card);
                Models.Add(seen);
                return null;
            default:
                if (HubModelReader.TryRead(json, trusted: false, out var model, _issues, out reason)) Models.Add(model);
                return reason;
        }
    }
}
