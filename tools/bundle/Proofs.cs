using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>Turns what is not shipped (cards, makers' files, bases outside the choice) into evidence that is.</summary>
internal sealed class Proofs
{
    /// <summary>More items of one axis say no more.</summary>
    private const int MostOfAnAxis = 5;

    private readonly Dictionary<string, EvidenceSet> _own = new(StringComparer.OrdinalIgnoreCase);
    private readonly ModelNames _names = new();
    private readonly ModelLineage _lineage;
    private readonly MakersFiles _makers;

    public Proofs(MakersFiles makers)
    {
        _makers = makers;
        _lineage = new(named => _names.Find(named) is { } id ? new(id, _own[id]) : null);
    }

    /// <summary>Reads a model, so that it can be judged and be the base of others.</summary>
    public void Add(HubModel row, SourceRow? card)
    {
        if (_own.ContainsKey(row.Id)) return;
        var observed = row.Atlas?.Observed ?? throw new InvalidDataException($"{row.Id} has no date.");
        List<EvidenceItem> items = [.. EvidenceExtractor.Read(row, observed).Items];
        if (card?.Card is { } text) items.AddRange(EvidenceExtractor.Read(row with { Sha = card.Said.Model.Sha }, text, card.Said.At).Items.Where(item => item.Source != "list" && row.Cited?.Contains(item) != true));
        items.AddRange(_makers.Of(row.Id, observed));
        _own[row.Id] = new(items);
        _names.Add(row.Id);
    }

    /// <summary>Ids of bases that nothing was read of yet.</summary>
    public IEnumerable<string> UnreadBases() => _own.Values
        .SelectMany(found => found.Of(Axis.Base))
        .Select(item => item.Quote)
        .OfType<string>()
        .Where(named => named.Contains('/', StringComparison.Ordinal) && _names.Find(named) is null)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The row with everything that was read elsewhere as cited evidence.</summary>
    public HubModel Cite(HubModel row)
    {
        var told = EvidenceExtractor.Read(row, row.Atlas?.Observed ?? default).Items;
        var all = Judged(row.Id);
        var cited = all.Items
            .Where(item => !told.Contains(item) || row.Cited?.Contains(item) == true)
            .Where(item => !(item.IsInherited() && item.Axis is not (Axis.Data or Axis.License)))
            .GroupBy(item => item.Axis)
            .OrderBy(axis => axis.Key)
            .SelectMany(axis => axis.DistinctBy(item => (item.State, item.Source, item.Locator, item.Quote)).Take(MostOfAnAxis))
            .ToList();
        return row with { Cited = cited is [] ? null : cited };
    }

    public Verdict Verdict(string id) => Classifier.Classify(Judged(id));

    private EvidenceSet Judged(string id) => _lineage.Inherit(id, _own[id]);
}
