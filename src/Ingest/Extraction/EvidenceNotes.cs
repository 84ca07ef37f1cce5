using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Collects the facts seen in one source, each once.</summary>
/// <param name="items">Where they are added to; a list of its own when absent.</param>
internal sealed class EvidenceNotes(string source, string? revision, DateTimeOffset observedAt, List<EvidenceItem>? items = null)
{
    private const int LongestState = 200;
    private const int LongestQuote = 200;
    private const int MostItems = 200;
    private readonly List<EvidenceItem> _items = items ?? [];

    public IReadOnlyList<EvidenceItem> Items => _items;

    public void Add(Axis axis, string state, string? locator, string? quote, string extractor, Strength strength)
    {
        if (_items.Count >= MostItems) return;
        _items.Add(new(axis, Cut(state, LongestState), source, Cut(locator, LongestQuote), Cut(quote, LongestQuote), revision, observedAt, extractor, strength));
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int limit)
    {
        if (text is null || text.Length <= limit) return text;
        var end = char.IsHighSurrogate(text[limit - 2]) ? limit - 2 : limit - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
