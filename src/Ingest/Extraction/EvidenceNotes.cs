using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Collects the facts seen in one source.</summary>
internal sealed class EvidenceNotes(string source, string? revision, DateTimeOffset observedAt)
{
    private const int QuoteLimit = 200;
    private readonly List<EvidenceItem> _items = [];

    public void Add(Axis axis, string state, string? locator, string? quote, string extractor, Strength strength) =>
        _items.Add(new(axis, state, source, locator, Cut(quote), revision, observedAt, extractor, strength));

    public void AddRange(IEnumerable<EvidenceItem> items) => _items.AddRange(items);

    public EvidenceSet ToSet() => _items.Count == 0 ? EvidenceSet.Empty : new(_items);

    private static string? Cut(string? quote) => quote is { Length: > QuoteLimit } ? string.Concat(quote.AsSpan(0, QuoteLimit - 1), "…") : quote;
}
