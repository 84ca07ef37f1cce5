using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Bundle;

/// <summary>Turns what is not shipped (cards, makers' files, bases outside the choice) into evidence that is.</summary>
internal sealed class Proofs
{
    /// <summary>More items of one axis say no more.</summary>
    private const int MostOfAnAxis = 4;
    private const int LongestQuote = 140;

    private static readonly string[] GateKeys = ["extra_gated_prompt", "extra_gated_heading", "extra_gated_description", "extra_gated_button_content", "extra_gated_fields"];

    private readonly Dictionary<string, EvidenceSet> _own = new(StringComparer.OrdinalIgnoreCase);
    private ModelNames? _names;
    private readonly ModelLineage _lineage;
    private readonly MakersFiles _makers;

    public Proofs(MakersFiles makers)
    {
        _makers = makers;
        _lineage = new(named => Names.Find(named) is { } id ? new(id, _own[id]) : null);
    }

    /// <summary>Reads a model, so that it can be judged and be the base of others.</summary>
    public void Add(HubModel row, SourceRow? card)
    {
        if (_own.ContainsKey(row.Id)) return;
        var observed = row.Atlas?.Observed ?? throw new InvalidDataException($"{row.Id} has no date.");
        // In the order in which they are read again: what is cited, then what the row itself says.
        List<EvidenceItem> items = [.. row.Cited ?? [], .. _makers.Of(row.Id, observed)];
        if (card?.Card is { } text)
        {
            if (Gate(text) is { } gate && row.Gated is null) items.Add(new(Axis.Weights, Level.Gated, "card", gate, null, null, card.Said.At, "card-gate", Strength.Claimed));
            items.AddRange(EvidenceExtractor.Read(row with { Sha = card.Said.Model.Sha, Cited = null }, text, card.Said.At).Items.Where(item => item.Source != "list"));
        }
        items.AddRange(EvidenceExtractor.Read(Current(row), observed).Items);
        _own[row.Id] = new(items);
        _names = null;
    }

    private ModelNames Names => _names ??= new(_own.Keys);

    /// <summary>Ids of bases that nothing was read of yet.</summary>
    public IEnumerable<string> UnreadBases() => _own.Values
        .SelectMany(found => found.Of(Axis.Base))
        .Select(item => item.Quote)
        .OfType<string>()
        .Where(named => named.Contains('/', StringComparison.Ordinal) && Names.Find(named) is null)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The row with everything that was read elsewhere as cited evidence. What a base gives is looked up where it ships as well.</summary>
    public HubModel Cite(HubModel row, IReadOnlySet<string> shipped)
    {
        var told = EvidenceExtractor.Read(Current(row), row.Atlas?.Observed ?? default);
        var all = Judged(row.Id);
        var own = Classifier.Classify(_own[row.Id]);
        var cited = all.Items
            .Where(item => !told.Items.Contains(item) && !IsToldAsWell(item, told))
            .Where(item => !item.IsInherited() || (item.State != Level.Unknown && !shipped.Contains(item.Locator ?? "") && Matters(item, own)))
            .GroupBy(item => (item.Axis, item.IsInherited()))
            .OrderBy(kind => kind.Key)
            .SelectMany(kind => kind.DistinctBy(item => (item.State, item.Source, item.Quote)).Take(kind.Key.Item2 ? ModelLineage.MostParents : MostOfAnAxis))
            .Select(item => item.Axis == Axis.Base ? item : item with { Quote = Short(item.Quote) })
            .ToList();
        return row with { Cited = cited is [] ? null : cited };
    }

    /// <summary>A key of the card that words the form in front of the files: there is one, though the row does not say so.</summary>
    private static string? Gate(string card)
    {
        var front = FrontMatter.Split(card);
        return Array.Find(GateKeys, key => front.All(key) is [_, ..]);
    }

    /// <summary>Where the row itself leads one to weights or code, a card that does so too adds nothing.</summary>
    private static bool IsToldAsWell(EvidenceItem item, EvidenceSet told) =>
        item.Axis is Axis.Weights or Axis.CodeInference && item.Source == "card" && told.Of(item.Axis).Any(known => known.State == item.State);

    /// <summary>Data are always those of the base; a base's licence and code matter where the model's own are laxer or not known.</summary>
    private static bool Matters(EvidenceItem inherited, Verdict own) => inherited.Axis switch
    {
        Axis.Data => true,
        Axis.License => own.License.Class == LicenseClass.Unknown || Strictness(LicenseDesk.Find(inherited.State)?.Class) > Strictness(own.License.Class),
        _ => own.Axes.Code == Level.Unknown,
    };

    private static int Strictness(string? licenseClass) => LicenseClass.Strictness(licenseClass ?? LicenseClass.Unknown);

    private static string? Short(string? quote) => quote?.Length > LongestQuote ? string.Concat(quote.AsSpan(0, LongestQuote - 1), "…") : quote;

    public Verdict Verdict(string id) => Classifier.Classify(Judged(id));

    /// <summary>The row as it is judged in the catalogue, with nothing cited.</summary>
    private static HubModel Current(HubModel row) => CurrentView.Of(new(row with { Cited = null }, row.Atlas?.Observed ?? default));

    private EvidenceSet Judged(string id) => _lineage.Inherit(id, _own[id]);
}
