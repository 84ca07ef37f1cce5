using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Bundle;

/// <summary>A shipped row as the catalogue will judge it.</summary>
internal static class Shipped
{
    public static Verdict Verdict(HubModel row)
    {
        var observed = row.Atlas?.Observed ?? throw new InvalidDataException($"{row.Id} has no date.");
        return Classifier.Classify(EvidenceExtractor.Read(CurrentView.Of(new(row, observed)), observed));
    }
}
