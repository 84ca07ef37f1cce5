using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>A site with <see cref="SampleCatalog"/> in it, shared by the tests of a class. They only read.</summary>
public sealed class SiteFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private RunningSite? _site;

    public RunningSite Site => _site ?? throw new InvalidOperationException("The site is not started yet.");

    public HttpClient Client => Site.Client;

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models, SampleCatalog.Datasets);
        _site = await RunningSite.StartAsync(database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
    }
}
