using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Bundle;

/// <summary>The shipped rows as the catalogue will judge them.</summary>
internal static class Shipped
{
    public static Dictionary<string, Verdict> Verdicts(IReadOnlyList<HubModel> rows)
    {
        var own = rows.ToDictionary(row => row.Id, Own, StringComparer.OrdinalIgnoreCase);
        var names = new ModelNames(own.Keys);
        var lineage = new ModelLineage(
            named => names.Find(named) is { } id ? new(id, own[id]) : null,
            named => [.. names.Sizes(named).Select(id => new KnownModel(id, own[id]))]);
        return rows.ToDictionary(row => row.Id, row => Classifier.Classify(lineage.Inherit(row.Id, own[row.Id])), StringComparer.Ordinal);
    }

    private static Domain.Evidence.EvidenceSet Own(HubModel row)
    {
        var observed = row.Atlas?.Observed ?? throw new InvalidDataException($"{row.Id} has no date.");
        return EvidenceExtractor.Read(CurrentView.Of(new(row, observed)), observed);
    }
}
