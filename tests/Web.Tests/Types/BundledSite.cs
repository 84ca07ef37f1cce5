using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using Npgsql;

namespace ModelAtlas.Web.Tests.Types;

/// <summary>A site with the catalogue that comes with the program.</summary>
public sealed class BundledSite(PostgresFixture postgres) : IAsyncLifetime
{
    private RunningSite? _site;

    public RunningSite Site => _site ?? throw new InvalidOperationException("The site is not started yet.");

    public async ValueTask InitializeAsync()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connection);
        using var writer = new CatalogWriter(database, TimeProvider.System);
        await new LoadBundledCatalogueJob(writer, database, TimeProvider.System, NullLogger<LoadBundledCatalogueJob>.Instance).RunAsync(CancellationToken.None);
        _site = await RunningSite.StartAsync(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
    }
}
