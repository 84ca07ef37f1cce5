using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Jobs;

namespace ModelAtlas.Web.Tests.Accounts.Http;

/// <summary>A site with one admin (root) and one player (pia), on a port and database of its own.</summary>
internal sealed class AccountSite : IAsyncDisposable
{
    private readonly List<Visitor> _visitors = [];

    private AccountSite(RunningSite site) => Site = site;

    public RunningSite Site { get; }

    public static async Task<AccountSite> StartAsync(PostgresFixture postgres, params string[] settings) =>
        await OpenAccountsAsync(await StartEmptyAsync(postgres, settings));

    /// <summary>With a catalogue that is there before the site is: of one that came later the site would show a part for a moment.</summary>
    public static async Task<AccountSite> StartAsync(PostgresFixture postgres, IEnumerable<SeedModel> models, params string[] settings)
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, models, SampleCatalog.Datasets);
        return await OpenAccountsAsync(new(await RunningSite.StartAsync(database, settings)));
    }

    private static async Task<AccountSite> OpenAccountsAsync(AccountSite site)
    {
        var accounts = site.Site.Services.GetRequiredService<AccountWriter>();
        Assert.Null(await accounts.CreateAsync("root", AccountBench.Password, AccountRole.Admin, TestContext.Current.CancellationToken));
        Assert.Null(await accounts.CreateAsync("pia", AccountBench.Password, AccountRole.Player, TestContext.Current.CancellationToken));
        return site;
    }

    /// <summary>With the tables of the queue, as the migrator makes them.</summary>
    public static async Task<AccountSite> StartWithQueueAsync(PostgresFixture postgres, params string[] settings)
    {
        var site = await StartAsync(postgres, settings);
        await HangfireStorage.InstallAsync(site.Site.ConnectionString, TestContext.Current.CancellationToken);
        await SiteLogin.GrantAsync(site.Site.ConnectionString, TestContext.Current.CancellationToken);
        return site;
    }

    public static async Task<AccountSite> StartEmptyAsync(PostgresFixture postgres, params string[] settings) =>
        new(await RunningSite.StartAsync(await postgres.CreateDatabaseAsync(), settings));

    /// <summary>Another process on the same database.</summary>
    public async Task<AccountSite> TwinAsync(params string[] settings) => new(await RunningSite.StartAsync(Site.ConnectionString, settings));

    public Visitor Visit(params (string Name, string Value)[] headers)
    {
        var visitor = new Visitor(Site.Address, headers);
        _visitors.Add(visitor);
        return visitor;
    }

    public Task<Visitor> VisitAsAsync(string name) => Visit().SignedInAsync(name);

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in _visitors) visitor.Dispose();
        await Site.DisposeAsync();
    }
}

/// <summary>One such site for a whole class of tests that leave its accounts as they are. Takes any number of sign-ins.</summary>
public sealed class SharedAccountSite(PostgresFixture postgres) : IAsyncLifetime
{
    private AccountSite? _site;

    internal AccountSite Site => _site ?? throw new InvalidOperationException("The site is not started yet.");

    public async ValueTask InitializeAsync() =>
        _site = await AccountSite.StartWithQueueAsync(postgres, "--Atlas:Accounts:AttemptsPerMinute=10000", "--Atlas:PublicHost=catalogue.example.org, *.lan", "--Atlas:Playground:OpenToAll=true");

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
    }
}
