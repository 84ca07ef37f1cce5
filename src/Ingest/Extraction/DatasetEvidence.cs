using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>What the hub says of the datasets a model names: whether they can be downloaded, and under which licence.</summary>
internal static class DatasetEvidence
{
    private const int MostDatasets = 100;

    /// <summary>Of the names that stand for datasets, those that are ids, each once.</summary>
    public static IReadOnlyList<string> Asked(IReadOnlyList<string> names) =>
        names.Count == 0 ? names : [.. names.Where(DatasetNames.Identifies).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostDatasets)];

    public static List<EvidenceItem> Read(IReadOnlyList<string> named, Func<string, HubDataset?> find, IReadOnlyList<EvidenceItem> known, DateTimeOffset observedAt)
    {
        List<EvidenceItem> items = [];
        List<string> open = [];
        foreach (var id in named)
        {
            if (find(id) is not { } dataset || dataset.Disabled == true || dataset.Private == true) continue;
            if (dataset.Gated is null or Gating.None) open.Add(dataset.Id);
            foreach (var license in dataset.Licenses)
                items.Add(new(Axis.License, license, $"dataset:{dataset.Id}", dataset.Id, license, dataset.Sha, observedAt, ReadBy.DatasetLicense, Strength.Claimed));
        }
        if (open.Count == 0) return items;
        var all = open.Count == named.Count && !known.Any(item => item.Axis == Axis.Data && item.Extractor is ReadBy.Pretraining or ReadBy.TrainingProse && !open.Exists(id => Tells(item, id)));
        items.Add(new(Axis.Data, all ? Level.Open : Level.Partial, "datasets", $"{open.Count} of {named.Count} named datasets", string.Join(", ", open.Take(10)), null, observedAt, "dataset-rows", Strength.Read));
        return items;
    }

    /// <summary>True when the sentence names this dataset: then the prose and the id are one source, not two.</summary>
    private static bool Tells(EvidenceItem item, string id) => item.Quote?.Contains(id[(id.LastIndexOf('/') + 1)..], StringComparison.OrdinalIgnoreCase) == true;
}
