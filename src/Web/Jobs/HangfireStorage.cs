using Hangfire.PostgreSql;
using Npgsql;

namespace ModelAtlas.Web.Jobs;

/// <summary>Where jobs are kept, and the settings that make a killed worker's job run again within about a minute, and only then.</summary>
internal static class HangfireStorage
{
    public const string Schema = "hangfire";

    /// <summary>Even with notifications: one that is sent between a fetch and the next LISTEN is lost.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    public static PostgreSqlStorageOptions Options(JobOptions options) => new()
    {
        SchemaName = Schema,
        EnableLongPolling = true,
        QueuePollInterval = Poll,
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = options.Invisibility,
        PrepareSchemaIfNecessary = false,
    };

    /// <summary>A pool of its own, so that jobs cannot starve the pages.</summary>
    public static string ConnectionString(string atlas, JobOptions options) =>
        new NpgsqlConnectionStringBuilder(atlas) { MaxPoolSize = options.Connections, ApplicationName = "ModelAtlas jobs" }.ConnectionString;

    /// <summary>Makes or updates the tables. For the migrator, which lets one process at a time do so.</summary>
    public static async Task InstallAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        PostgreSqlObjectsInstaller.Install(connection, Schema);
    }
}
