using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Health;

/// <summary>Ready means: the database answers, has the newest schema, and holds a catalogue.</summary>
internal sealed class ReadyCheck(IDbContextFactory<AtlasDbContext> contexts, DatabaseWatch watch) : IHealthCheck
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
        return await db.Models.AnyAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the catalogue is being loaded");
    }
}
