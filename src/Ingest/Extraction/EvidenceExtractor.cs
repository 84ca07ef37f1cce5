using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Reads what a source said about a model into evidence. Pure; a thing not found is no item.</summary>
public static class EvidenceExtractor
{
    public static EvidenceSet Read(HubModel model, DateTimeOffset observedAt)
    {
        var notes = new EvidenceNotes("list", model.Sha, observedAt);
        if (model.Cited is { Count: > 0 } cited) notes.AddRange(cited);
        RowEvidence.Read(model, notes);
        return notes.ToSet();
    }
}
