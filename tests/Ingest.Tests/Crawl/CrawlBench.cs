using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Crawl;

/// <summary>The crawl as the product composes it: a fake hub on one side, a database of its own on the other.</summary>
internal sealed class CrawlBench : IAsyncDisposable
{
    public static readonly CrawlPlan Full = new(HubRepoKind.Models, CrawlMode.Full);
    public static readonly CrawlPlan Recent = new(HubRepoKind.Models, CrawlMode.Recent);

    private CrawlBench(FakeHub hub, string database, ShiftedClock clock, LogRecorder log, Action<HubOptions>? change)
    {
        (Hub, Database, Clock, Log) = (hub, database, clock, log);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Atlas:Hub:Endpoint", hub.Endpoint)]).Build());
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<IBackgroundJobClient>(Jobs);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddDomain(database);
        services.AddIngest();
        services.Configure<HubOptions>(options =>
        {
            options.BatchSize = 100;
            options.Deadline = TimeSpan.FromSeconds(10);
            options.RetryDelay = TimeSpan.FromMilliseconds(1);
            options.Retries = 3;
            change?.Invoke(options);
        });
        Services = services.BuildServiceProvider();
    }

    public FakeHub Hub { get; }
    public string Database { get; }
    public ShiftedClock Clock { get; }
    public LogRecorder Log { get; }
    public JobRecorder Jobs { get; } = new();
    public ServiceProvider Services { get; }

    public static async Task<CrawlBench> StartAsync(PostgresFixture postgres, int models = 0, Action<HubOptions>? change = null)
    {
        var hub = await FakeHub.StartAsync();
        hub.Fill(models);
        return new(hub, await postgres.CreateDatabaseAsync(), new(), new(), change);
    }

    /// <summary>The same models with a database behind this address.</summary>
    public static async Task<CrawlBench> StartAsync(string database, int models)
    {
        var hub = await FakeHub.StartAsync();
        hub.Fill(models);
        return new(hub, database, new(), new(), null);
    }

    /// <summary>Another process on the same database and hub.</summary>
    public CrawlBench Sibling(Action<HubOptions>? change = null) => new(Hub, Database, Clock, new(), change);

    public Task<CrawlSlice> CrawlAsync(CrawlPlan plan, CrawlPace? pace = null, CancellationToken? cancellationToken = null) =>
        Services.GetRequiredService<HubCrawl>().RunAsync(plan, pace ?? Endless, cancellationToken ?? TestContext.Current.CancellationToken);

    public static CrawlPace Endless => new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)) { Now = true };

    public async Task<CrawlCursor> CursorAsync(CrawlPlan plan) =>
        await Services.GetRequiredService<CrawlLedger>().FindAsync(plan.Source, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"no cursor of {plan.Source}");

    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(await reader.GetFieldValueAsync<T>(0, TestContext.Current.CancellationToken));
        return rows;
    }

    public async Task<string[]> IdsAsync(string where = "true") => [.. await QueryAsync<string>($"SELECT repo_id FROM model WHERE {where} ORDER BY repo_id COLLATE \"C\"")];

    public async Task<string> ContentAsync() => Assert.Single(await QueryAsync<string>(CatalogContent.Query));

    public string[] Truth => [.. Hub.Models.All.Select(repo => repo.Id).Order(StringComparer.Ordinal)];

    /// <summary>How often each page was asked for.</summary>
    public IReadOnlyDictionary<string, int> Fetched => Hub.Log.Where(request => request.Path == "/api/models").CountBy(request => request.Query).ToDictionary();

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Hub.DisposeAsync();
    }
}

/// <summary>Keeps what would be enqueued.</summary>
internal sealed class JobRecorder : IBackgroundJobClient
{
    public List<(Job Job, IState State)> Made { get; } = [];

    public string Create(Job job, IState state)
    {
        Made.Add((job, state));
        return $"{Made.Count}";
    }

    public bool ChangeState(string jobId, IState state, string expectedState) => true;
}
