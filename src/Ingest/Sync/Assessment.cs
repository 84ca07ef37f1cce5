using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What the rules make of all that is known of a model.</summary>
internal sealed record Assessment(Verdict Verdict, long Hash)
{
    public static Assessment Of(Observation now)
    {
        var verdict = Classifier.Classify(EvidenceExtractor.Read(CurrentView.Of(now), now.At));
        return new(verdict, VerdictHash.Of(verdict));
    }

    public string Document => JsonSerializer.Serialize(Verdict, VerdictJson.Default.Verdict);
}
