using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Sync;

/// <summary>The evidence of models that others are made from, kept from page to page: a few bases have most of the children. A row that has changed since (another <c>rev</c>) is read again.</summary>
internal sealed class KnownEvidence
{
    private const int Most = 10_000;

    private readonly Dictionary<int, (long Rev, OwnEvidence Own)> _kept = [];

    public OwnEvidence? Find(int id, long rev) => _kept.TryGetValue(id, out var kept) && kept.Rev == rev ? kept.Own : null;

    public void Keep(int id, long rev, OwnEvidence own)
    {
        if (_kept.Count >= Most) _kept.Clear();
        _kept[id] = (rev, own);
    }

    /// <summary>After a failure nothing is sure: numbers of a transaction that was rolled back may come again.</summary>
    public void Forget() => _kept.Clear();
}
