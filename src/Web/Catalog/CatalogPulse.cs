using Microsoft.EntityFrameworkCore;

namespace ModelAtlas.Web.Catalog;

/// <param name="Rev">Last change of content or verdict; what was computed from the catalogue is good for as long as this stays.</param>
/// <param name="AsOf">Date of the newest observation in the catalogue, not of its import; null before the first.</param>
internal sealed record Pulse(long Rev, DateTime? AsOf);

/// <summary>Asks the database at most every two seconds whether the catalogue changed. Costs one row while it did not.</summary>
internal sealed class CatalogPulse(CatalogStore store, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private (Pulse Pulse, long At)? _last;

    /// <summary>What was last seen, for a page that must render without the database.</summary>
    public Pulse? LastKnown => _last?.Pulse;

    public async Task<Pulse> ReadAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < Fresh) return last.Pulse;
        var at = clock.GetTimestamp();
        var pulse = await store.ReadAsync(async db =>
        {
            var rev = await db.Database.SqlQuery<long>($"SELECT last_value AS \"Value\" FROM model_rev").SingleAsync(cancellationToken);
            return _last is { } known && known.Pulse.Rev == rev ? known.Pulse : new Pulse(rev, await db.Models.MaxAsync(model => (DateTime?)model.ObservedAt, cancellationToken));
        }, cancellationToken);
        _last = (pulse, at);
        return pulse;
    }
}
