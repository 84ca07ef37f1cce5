using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Health;

/// <summary>Ready means: the database answers, has the newest schema, and holds a catalogue; and where there is a site, that its index holds it too.</summary>
internal sealed class ReadyCheck(IDbContextFactory<AtlasDbContext> contexts, DatabaseWatch watch, CatalogIndex? index = null) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (watch.IsAway) return HealthCheckResult.Unhealthy("the database does not answer");
        try
        {
            return await LookAsync(cancellationToken).WaitAsync(watch.WhenAway); // a frozen server would keep the question waiting
        }
        catch (Exception failure) when (DatabaseGate.IsAway(failure) || watch.IsAway)
        {
            watch.Doubt();
            return HealthCheckResult.Unhealthy("the database does not answer");
        }
    }

    private async Task<HealthCheckResult> LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return HealthCheckResult.Unhealthy("migrations are pending: run ./atlas migrate");
        // The bundled catalogue is loaded page by page; its cursor is written when the last page is in.
        var loaded = await db.Models.AnyAsync(model => model.Source != BundledCatalogue.Source, cancellationToken)
            || (await db.Models.AnyAsync(cancellationToken)
                && await db.Cursors.AnyAsync(cursor => cursor.State == CrawlState.Done && cursor.Source.StartsWith(BundledCatalogue.Source), cancellationToken));
        if (!loaded) return HealthCheckResult.Unhealthy("the catalogue is being loaded");
        return index is null || index.HasHeld(await db.Models.MaxAsync(model => model.Rev, cancellationToken)) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the catalogue is being counted");
    }
}
