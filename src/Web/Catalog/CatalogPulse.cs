using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog;

/// <param name="Rev">Last change of content or verdict; what was computed from the catalogue is good for as long as this stays.</param>
/// <param name="AsOf">Date of the newest observation in the catalogue, not of its import; null before the first.</param>
/// <param name="Models">How many there are.</param>
internal sealed record Pulse(long Rev, DateTime? AsOf, int Models);

/// <summary>Asks the database at most every two seconds whether the catalogue changed, which costs one row.</summary>
internal sealed class CatalogPulse(CatalogStore store, CatalogIndex index, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private (long Rev, long At)? _last;

    /// <summary>What was last seen, for a page that must render without the database.</summary>
    public Pulse? LastKnown => _last is { } last ? Of(last.Rev) : null;

    public async Task<Pulse> ReadAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < Fresh) return Of(last.Rev);
        var at = clock.GetTimestamp();
        var rev = await store.ReadAsync(db => db.Database.SqlQuery<long>($"SELECT last_value AS \"Value\" FROM model_rev").SingleAsync(cancellationToken), cancellationToken);
        _last = (rev, at);
        return Of(rev);
    }

    private Pulse Of(long rev) => new(rev, index.Current?.AsOf, index.Current?.Live.Count ?? 0);
}
