using System.Net;
using System.Text.Json;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Faults;
using Npgsql;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>Faults put into a database of the test's own.</summary>
public sealed class ErrorPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task WEB_19_A_fault_of_ours_shows_a_trace_id_and_nothing_of_the_cause()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models);
        await using var site = await RunningSite.StartAsync(database, "--Logging:LogLevel:Default=None");
        await ExecuteAsync(database, "ALTER TABLE model RENAME COLUMN summary TO secret_column");

        using var page = await site.Client.GetAsync("/models/bigscience/bloom", TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, page.StatusCode);
        Assert.Contains("Something went wrong on our side", html, StringComparison.Ordinal);
        Assert.Contains("Trace id <code", html, StringComparison.Ordinal);
        Assert.Contains("Content-Security-Policy", page.Headers.ToString(), StringComparison.Ordinal);
        foreach (var hidden in new[] { "summary", "Npgsql", "42703", "Exception", "   at " }) Assert.DoesNotContain(hidden, html, StringComparison.Ordinal);

        using var api = await site.Client.GetAsync("/api/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await api.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["detail", "status", "title", "traceId", "type"], problem.RootElement.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DAT_12_A_question_that_takes_too_long_is_given_up_with_the_remedy()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models);
        await using var site = await RunningSite.StartAsync(database, "--Logging:LogLevel:Default=None");
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using (await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var hold = new NpgsqlCommand("LOCK TABLE model IN ACCESS EXCLUSIVE MODE", connection);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            using var page = await site.Client.GetAsync("/models", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
            Assert.NotNull(page.Headers.RetryAfter);
            Assert.Contains("That question took too long", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        using var after = await site.Client.GetAsync("/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task An_empty_catalogue_says_how_it_fills()
    {
        await using var site = await RunningSite.StartAsync(await postgres.CreateDatabaseAsync());
        foreach (var path in new[] { "/", "/models" })
            Assert.Contains("./atlas import FILE", await site.Client.GetStringAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("\"items\":[],\"total\":0,\"next\":null", await site.Client.GetStringAsync("/api/v1/models", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_catalogue_is_seen_on_pages_that_were_kept()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new SeedModel("first/model")]);
        await using var site = await RunningSite.StartAsync(database);
        Assert.Contains("<strong>1</strong> model", await PlainAsync(site, "/models"), StringComparison.Ordinal);
        await CatalogSeed.WriteAsync(database, [new SeedModel("second/model")]);
        await CrawlStage.UntilAsync(async () => (await PlainAsync(site, "/models")).Contains("<strong>2</strong> models", StringComparison.Ordinal), TimeSpan.FromMinutes(1), "The second model is not shown");
    }

    private static async Task<string> PlainAsync(RunningSite site, string path) =>
        System.Text.RegularExpressions.Regex.Replace(
            await site.Client.GetStringAsync(path, TestContext.Current.CancellationToken), " b-[a-z0-9]+", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
