using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Reads what the sources said about a model into evidence. Pure; a thing not found is no item.</summary>
public static class EvidenceExtractor
{
    public static EvidenceSet Read(HubModel model, DateTimeOffset observedAt) => Read(model, card: null, observedAt);

    /// <param name="card">The README, front matter and all; null when it was not fetched.</param>
    public static EvidenceSet Read(HubModel model, string? card, DateTimeOffset observedAt)
    {
        var row = new EvidenceNotes("list", model.Sha, observedAt);
        RowEvidence.Read(model, row);
        IEnumerable<EvidenceItem> items = model.Cited is { Count: > 0 } cited ? [.. cited, .. row.Items] : row.Items;
        if (card is null) return new([.. items]);

        var facts = CardEvidence.Read(card, model.Id, model.Sha, observedAt);
        var front = new EvidenceNotes("card", model.Sha, observedAt);
        if (facts.Data is { } data) RowEvidence.Read(new() { Id = model.Id, CardData = data, PipelineTag = data.PipelineTag, LibraryName = data.LibraryName, Tags = data.Tags }, front);
        return new([.. items, .. front.Items.Where(item => !Repeats(item, row.Items)), .. facts.Prose]);
    }

    /// <summary>The hub's row repeats the card's front matter; the same fact is told once.</summary>
    private static bool Repeats(EvidenceItem item, IReadOnlyList<EvidenceItem> told) =>
        told.Any(known => known.Axis == item.Axis && known.Extractor == item.Extractor && string.Equals(known.State, item.State, StringComparison.OrdinalIgnoreCase)
            && (item.Axis is not (Axis.Base or Axis.Data) || string.Equals(known.Quote, item.Quote, StringComparison.OrdinalIgnoreCase)));
}
