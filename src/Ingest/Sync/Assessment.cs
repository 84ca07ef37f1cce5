using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What the rules make of all that is known of a model.</summary>
internal sealed record Assessment(Verdict Verdict, long Hash)
{
    public static Assessment Of(Observation now, string? card)
    {
        try
        {
            var verdict = Classifier.Classify(EvidenceExtractor.Read(CurrentView.Of(now), card, now.At));
            return new(verdict, VerdictHash.Of(verdict));
        }
        catch (Exception broken)
        {
            // Whatever a row does to the rules, its neighbours are still to be stored.
            throw new UnwritableException($"{now.Model.Id} cannot be judged: {broken.Message}", broken);
        }
    }

    public string Document => JsonSerializer.Serialize(Verdict, VerdictJson.Default.Verdict);
}
