using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Accounts.Data;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.Review.Data;
using Npgsql;

namespace ModelAtlas.Web.Hosting;

/// <summary>Brings a database to the newest schema. Any number of processes may start at once: one migrates, the others wait for it.</summary>
internal static class AtlasMigrator
{
    private const long TurnKey = 0x41746c61734d6967; // "AtlasMig"

    public static async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var turn = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await turn.OpenAsync(cancellationToken);
        await using var take = new NpgsqlCommand("SELECT pg_advisory_lock($1)", turn) { Parameters = { new() { Value = TurnKey } } };
        await take.ExecuteNonQueryAsync(cancellationToken);

        // A change of a large table takes as long as it takes; a limit would only make it start again.
        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(connectionString).Options);
        db.Database.SetCommandTimeout(TimeSpan.FromHours(12));
        await db.Database.MigrateAsync(cancellationToken);
        await AccountsMigrator.MigrateAsync(connectionString, cancellationToken);
        await ReviewMigrator.MigrateAsync(connectionString, cancellationToken);
        await HangfireStorage.InstallAsync(connectionString, cancellationToken);
        await SiteLogin.GrantAsync(connectionString, cancellationToken);
    }
}
