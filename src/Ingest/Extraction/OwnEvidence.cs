using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>What a model's own sources say, before its datasets and its bases are looked up.</summary>
/// <param name="DatasetIds">The datasets of the hub that it names.</param>
public sealed record OwnEvidence(IReadOnlyList<EvidenceItem> Items, IReadOnlyList<string> DatasetIds, DateTimeOffset ObservedAt)
{
    public static readonly OwnEvidence Empty = new([], [], default);

    /// <param name="datasets">What is known of a dataset by its id; null where datasets were not looked up.</param>
    public EvidenceSet With(Func<string, HubDataset?>? datasets)
    {
        if (Items.Count == 0) return EvidenceSet.Empty;
        return datasets is not null && DatasetIds.Count > 0 && DatasetEvidence.Read(DatasetIds, datasets, Items, ObservedAt) is [_, ..] more ? new([.. Items, .. more]) : new(Items);
    }

    /// <summary>What its sources say together with what the code repositories show that the card names.</summary>
    /// <param name="code">What is known of a repository by its URL.</param>
    public OwnEvidence WithCode(Func<string, CodeRepository?> code) =>
        CodeEvidence.Named(Items).Select(address => code(address.Url)).OfType<CodeRepository>().SelectMany(CodeEvidence.Read).ToList() is [_, ..] more ? this with { Items = [.. Items, .. more] } : this;

    /// <summary>The names of its bases, as tags, metadata and prose give them.</summary>
    public IEnumerable<EvidenceItem> Bases => Items.Where(item => item is { Axis: Axis.Base, Quote: not null });
}
