using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Types;

/// <summary>The numbers of the three kinds. A larger catalogue takes longer to count and changes less by it, so they are kept the longer the more models there are.</summary>
internal sealed class KindReader(CatalogIndex index, CatalogStore store, TimeProvider clock) : IDisposable
{
    public static readonly IReadOnlyList<Openness> Kinds = [Openness.OpenSource, Openness.OpenWeights, Openness.Closed];
    private const int MostSampled = 5_000;
    private const int ModelsPerSecond = 5_000;
    private readonly SemaphoreSlim _turn = new(1);
    private Counted? _last;

    public async Task<IReadOnlyList<KindNumbers>> ReadAsync(CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        if (_last is { } last && IsGood(last, snapshot)) return last.Numbers;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } other && IsGood(other, snapshot)) return other.Numbers;
            var at = clock.GetTimestamp();
            var samples = await store.ReadAsync(db => SampleAsync(db, snapshot, cancellationToken), cancellationToken);
            IReadOnlyList<KindNumbers> numbers = [.. Kinds.Select(kind => KindNumbers.Count(snapshot, kind, samples.GetValueOrDefault(kind) ?? new(0, 0)))];
            _last = new(numbers, snapshot.Version, at);
            return numbers;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsGood(Counted last, CatalogSnapshot snapshot) =>
        last.Version == snapshot.Version || clock.GetElapsedTime(last.At) < TimeSpan.FromSeconds(snapshot.Documents / ModelsPerSecond);

    private static async Task<Dictionary<Openness, KindSample>> SampleAsync(AtlasDbContext db, CatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        Dictionary<Openness, KindSample> samples = [];
        foreach (var kind in Kinds)
        {
            int[] ids = [.. CatalogReader.Find(snapshot, new(CatalogFilter.All.With("class", ((Openness?)kind).Id() ?? ""), CatalogSort.Downloads, Descending: true, Size: MostSampled), []).Ids];
            var derived = await db.Models.CountAsync(model => ids.Contains(model.Id) && db.Bases.Any(made => made.BaseModelId == model.Id), cancellationToken);
            samples[kind] = new(ids.Length, derived);
        }
        return samples;
    }

    private sealed record Counted(IReadOnlyList<KindNumbers> Numbers, long Version, long At);
}
