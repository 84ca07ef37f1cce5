using ModelAtlas.Web.Commands;
using ModelAtlas.Web.Postgres;
using Npgsql;

namespace ModelAtlas.Web.Hosting;

/// <summary>
/// The database of this product, as every verb reaches it: the server of <c>ConnectionStrings__Atlas</c>, else the embedded cluster of the data folder,
/// which is started if nobody runs it and stopped again by whoever leaves last. Migrated when this returns.
/// </summary>
internal sealed partial class AtlasDatabase : IAsyncDisposable
{
    private readonly PostgresCluster? _cluster;

    private AtlasDatabase(string connectionString, PostgresCluster? cluster) => (ConnectionString, _cluster) = (connectionString, cluster);

    public string ConnectionString { get; }

    public bool IsEmbedded => _cluster is not null;

    public static async Task<AtlasDatabase> OpenAsync(IConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var options = AtlasConfiguration.Read(configuration);
        var given = configuration.GetConnectionString("Atlas");
        if (!string.IsNullOrWhiteSpace(given))
        {
            var server = new AtlasDatabase(Complete(given, options.Postgres.PasswordFile), null);
            await server.MigrateAsync(cancellationToken);
            return server;
        }
        var settings = new PostgresSettings { DataFolder = options.DataFolder, BinFolder = options.Postgres.Bin };
        PostgresCluster cluster;
        try
        {
            cluster = await PostgresCluster.OpenAsync(settings, loggers.CreateLogger<PostgresCluster>(), cancellationToken);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new CommandException($"The data folder {options.DataFolder} cannot be used ({refused.Message}): choose another with --data DIR or Atlas__Data.");
        }
        var database = new AtlasDatabase(cluster.ConnectionString(), cluster);
        try
        {
            await database.MigrateAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>By which login a process of these roles goes: jobs write the catalogue, a site alone goes by a lesser one.</summary>
    public async Task<string> LoginOfAsync(IReadOnlyCollection<AtlasRole> roles, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (roles.Contains(AtlasRole.Jobs)) return ConnectionString;
        var login = SiteLogin.Of(ConnectionString);
        if (await SiteLogin.WorksAsync(login, cancellationToken)) return login;
        LogOwner(loggers.CreateLogger<AtlasDatabase>(), new NpgsqlConnectionStringBuilder(login).Username);
        return ConnectionString;
    }

    public ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        return _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AtlasMigrator.MigrateAsync(ConnectionString, cancellationToken);
        }
        catch (NpgsqlException failure)
        {
            var place = new NpgsqlConnectionStringBuilder(ConnectionString);
            throw new CommandException($"The database {place.Database} at {place.Host}:{place.Port} cannot be used: {LogLineFormatter.OneLine(failure.Message)}. "
                + (IsEmbedded ? "Look into the log in its folder." : "Check ConnectionStrings__Atlas and that the server is up."));
        }
    }

    /// <summary>The password may stay in a file of its own, out of the environment and the connection string.</summary>
    private static string Complete(string given, string? passwordFile)
    {
        try
        {
            var complete = new NpgsqlConnectionStringBuilder(given);
            if (!string.IsNullOrWhiteSpace(passwordFile)) complete.Password = File.ReadAllText(passwordFile).Trim();
            return complete.ConnectionString;
        }
        catch (ArgumentException) // its message may quote a part of the password
        {
            throw new CommandException("ConnectionStrings__Atlas is no PostgreSQL connection string: write it like Host=db;Database=atlas;Username=atlas.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The site uses the login of the database's owner, who may do all: give the owner CREATEROLE and let {Role} in by pg_hba.conf, and it uses that one")]
    private static partial void LogOwner(ILogger logger, string? role);
}
