using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Accounts.Data;
using ModelAtlas.Web.Postgres;
using ModelAtlas.Web.Review.Data;
using Npgsql;

namespace ModelAtlas.Testing;

/// <summary>
/// A private PostgreSQL for one test run, started when first asked for and removed at the end; what a killed run left behind goes when the next one starts.
/// Use it as <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private const string Template = "template_migrated";
    private readonly SemaphoreSlim _turn = new(1);
    private TestFolder? _folder;
    private PostgresCluster? _cluster;
    private int _made;

    /// <summary>Connection string of a new, migrated, empty database that nobody else uses.</summary>
    public Task<string> CreateDatabaseAsync() => CopyAsync(Template);

    /// <summary>Of a new database without a schema.</summary>
    public Task<string> CreateBareDatabaseAsync() => CopyAsync("template1");

    /// <summary>Of a new one that holds what another does; nobody may be connected to that one.</summary>
    public async Task<string> CopyAsync(string template)
    {
        await _turn.WaitAsync();
        try
        {
            var cluster = _cluster ?? await StartAsync();
            var name = $"test_{++_made}";
            await ExecuteAsync(cluster, $"CREATE DATABASE {name} TEMPLATE {template}");
            return cluster.ConnectionString(name);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Connection string of the run's cluster for tests that stop, cut or inspect it: the maintenance database.</summary>
    public async Task<string> MaintenanceDatabaseAsync()
    {
        await _turn.WaitAsync();
        try
        {
            return (_cluster ?? await StartAsync()).ConnectionString("postgres");
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<PostgresCluster> StartAsync()
    {
        _folder = await TestFolder.CreateAsync("postgres");
        var cluster = await PostgresCluster.OpenAsync(new() { DataFolder = _folder.Path, Durable = false }, NullLogger.Instance, CancellationToken.None);
        await ExecuteAsync(cluster, $"CREATE DATABASE {Template}");
        var options = new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(cluster.ConnectionString(Template) + ";Pooling=false").Options;
        await using (var db = new AtlasDbContext(options)) await db.Database.MigrateAsync();
        await AccountsMigrator.MigrateAsync(cluster.ConnectionString(Template) + ";Pooling=false", CancellationToken.None);
        await ReviewMigrator.MigrateAsync(cluster.ConnectionString(Template) + ";Pooling=false", CancellationToken.None);
        return _cluster = cluster;
    }

    private static async Task ExecuteAsync(PostgresCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_folder is not null) await _folder.DisposeAsync();
        _turn.Dispose();
    }
}
