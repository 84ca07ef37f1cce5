using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Testing;
using ModelAtlas.Web.Health;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Postgres;
using Npgsql;

namespace ModelAtlas.Web.Tests.Health;

public sealed class HealthTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OPS_06_live_is_green_while_ready_waits_for_migrations_and_for_a_catalogue()
    {
        var connectionString = await EmptyDatabaseAsync();
        await using var app = await StartAsync(connectionString);
        using var client = Client(app);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/health/live")).Status);
        var (status, body) = await GetAsync(client, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("migrations are pending", body, StringComparison.Ordinal);

        await AtlasMigrator.MigrateAsync(connectionString, Token);
        (status, body) = await GetAsync(client, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("catalogue is being loaded", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)] // stopped: it refuses connections
    [InlineData(true)] // frozen: it takes them and never answers
    public async Task JOB_04_pages_say_503_within_two_seconds_of_losing_the_database_and_recover_by_themselves(bool frozen)
    {
        await using var folder = await TestFolder.CreateAsync("outage");
        var server = await PostgresCluster.OpenAsync(new() { DataFolder = folder.Path, Durable = false }, NullLogger.Instance, Token);
        await AtlasMigrator.MigrateAsync(server.ConnectionString(), Token);
        await using var app = await StartAsync(server.ConnectionString());
        using var client = Client(app);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/models")).Status);

        if (frozen) await SignalAsync("-STOP", folder);
        else await server.DisposeAsync();

        var clock = Stopwatch.StartNew();
        if (frozen) // nothing tells but its silence: give the watch the time to notice
        {
            while ((await GetAsync(client, "/health/ready")).Status == HttpStatusCode.OK) await Task.Delay(50, Token);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            clock.Restart();
        }
        var (status, body) = await GetAsync(client, "/models/never/asked-before");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4)); // two, and as much again for a busy machine
        Assert.Contains("<h1", body, StringComparison.Ordinal);
        Assert.Contains("Nothing is lost", body, StringComparison.Ordinal);
        var (apiStatus, problem) = await GetAsync(client, "/api/v1/models/never/asked-before");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, apiStatus);
        Assert.Contains("\"status\":503", problem, StringComparison.Ordinal);
        // A list in which nothing stands comes from memory until the watch has noticed.
        foreach (var list in new[] { "/models?q=never-asked-before", "/api/v1/models?q=never-asked-before" })
            while ((await GetAsync(client, list)).Status != HttpStatusCode.ServiceUnavailable)
            {
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
                await Task.Delay(50, Token);
            }
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/health/live")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(client, "/health/ready")).Status);
        (status, body) = await GetAsync(client, "/status"); // the one page that is there to say it
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("It does not answer.", body, StringComparison.Ordinal);

        if (frozen) await SignalAsync("-CONT", folder);
        else server = await PostgresCluster.OpenAsync(new() { DataFolder = folder.Path, Durable = false }, NullLogger.Instance, Token);
        clock.Restart();
        while ((await GetAsync(client, "/models")).Status != HttpStatusCode.OK)
        {
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            await Task.Delay(100, Token);
        }
        await app.StopAsync(Token);
        await server.DisposeAsync();
    }

    private static async Task SignalAsync(string signal, TestFolder folder)
    {
        var data = Directory.EnumerateDirectories(folder.Path, "pg*").Single() + "/data";
        await UnixProcess.RunAsync(new("kill", [signal, .. UnixProcess.WorkingIn(data).Select(pid => $"{pid}")]), Token);
    }

    private async Task<string> EmptyDatabaseAsync()
    {
        var maintenance = await postgres.MaintenanceDatabaseAsync();
        var name = $"unmigrated_{Guid.NewGuid():n}";
        await using var connection = new NpgsqlConnection(maintenance);
        await connection.OpenAsync(Token);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(Token);
        return new NpgsqlConnectionStringBuilder(maintenance) { Database = name }.ConnectionString;
    }

    private static async Task<WebApplication> StartAsync(string connectionString)
    {
        var app = AtlasHost.Build(connectionString, [AtlasRole.Site], ["--urls=http://127.0.0.1:0", "--Atlas:Offline=true"]);
        await app.StartAsync(Token);
        return app;
    }

    private static HttpClient Client(WebApplication app)
    {
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(HealthServices.SelfClient);
        client.BaseAddress = new(app.Urls.Single());
        return client;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
