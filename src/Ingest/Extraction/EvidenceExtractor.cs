using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Reads what the sources said about a model into evidence. Pure; a thing not found is no item.</summary>
public static class EvidenceExtractor
{
    public static EvidenceSet Read(HubModel model, DateTimeOffset observedAt) => Read(new ModelSources(model, observedAt));

    public static EvidenceSet Read(HubModel model, string? card, DateTimeOffset observedAt) => Read(new ModelSources(model, observedAt) { Card = card });

    public static EvidenceSet Read(ModelSources sources) => ReadOwn(sources).With(sources.Datasets);

    /// <summary>All but what the hub says of the datasets, for who has to look these up first.</summary>
    public static OwnEvidence ReadOwn(ModelSources sources)
    {
        var model = sources.Model;
        var row = new EvidenceNotes("list", model.Sha, sources.ObservedAt);
        RowEvidence.Read(model, row);
        List<EvidenceItem> items = model.Cited is { Count: > 0 } cited ? [.. cited, .. row.Items] : [.. row.Items];
        List<string> datasetIds = [.. RowEvidence.Datasets(model)];
        if (sources.Card is { } card) ReadCard(card, sources, items, datasetIds);
        if (sources.Files.Count > 0) items.AddRange(FileEvidence.Read(sources.Files, model.Sha, sources.ObservedAt));
        return items.Count == 0 ? OwnEvidence.Empty : new(items, DatasetEvidence.Asked(datasetIds), sources.ObservedAt);
    }

    private static void ReadCard(string card, ModelSources sources, List<EvidenceItem> items, List<string> datasetIds)
    {
        var model = sources.Model;
        var facts = CardEvidence.Read(card, model.Id, model.Sha, sources.ObservedAt);
        if (facts.Data is { } data)
        {
            var front = new EvidenceNotes("card", model.Sha, sources.ObservedAt);
            var asRow = new HubModel { Id = model.Id, CardData = data, PipelineTag = data.PipelineTag, LibraryName = data.LibraryName, Tags = data.Tags };
            RowEvidence.Read(asRow, front);
            datasetIds.AddRange(RowEvidence.Datasets(asRow));
            var told = items.ToList();
            items.AddRange(front.Items.Where(item => !Repeats(item, told)));
        }
        datasetIds.AddRange(facts.DatasetIds);
        items.AddRange(facts.Prose);
    }

    /// <summary>The hub's row repeats the card's front matter; the same fact is told once.</summary>
    private static bool Repeats(EvidenceItem item, List<EvidenceItem> told) =>
        told.Exists(known => known.Axis == item.Axis && known.Extractor == item.Extractor && string.Equals(known.State, item.State, StringComparison.OrdinalIgnoreCase)
            && (item.Axis is not (Axis.Base or Axis.Data) || string.Equals(known.Quote, item.Quote, StringComparison.OrdinalIgnoreCase)));
}
