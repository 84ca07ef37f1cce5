using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Jobs;
using Npgsql;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>A hub that refuses every connection: the jobs that ask it fail and say so, and the site goes on from what it has.</summary>
public sealed partial class HubDownTests(PostgresFixture postgres)
{
    private static readonly string[] Paths =
        ["/", "/models", "/models?class=open-source", "/models?q=gpt2", $"/models/{SampleCatalog.Bloom}", $"/models/{SampleCatalog.Bloom}/evidence", "/types", "/licenses", "/changes", "/api/v1/models", "/api/v1/facets", "/models.csv"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ING_24_Pages_are_the_same_and_as_fast_while_the_hub_refuses()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models, SampleCatalog.Datasets);
        await HangfireStorage.InstallAsync(database, Token);
        await using var site = await RunningSite.StartAsync(database);
        var before = await LookAsync(site); // compiles them as well
        Assert.All(before, answer => Assert.Equal(HttpStatusCode.OK, answer.Value.Status));

        await using var source = NpgsqlDataSource.Create(database);
        var nobody = $"http://127.0.0.1:{ClosedPort()}";
        await using var jobs = await RunningSite.StartAsync(database, "Jobs", [$"--Atlas:Hub:Endpoint={nobody}", $"--Atlas:ModelsDev:Endpoint={nobody}", "--Atlas:Hub:Retries=2", "--Atlas:Hub:RetryDelay=00:00:00.010"]);
        await CrawlStage.UntilAsync(async () => await FailedAsync(source), TimeSpan.FromMinutes(1), "The crawl did not find out that nobody answers");

        List<string> wrong = [];
        foreach (var (path, answer) in await LookAsync(site))
        {
            if (answer.Text != before[path].Text) wrong.Add($"{path} is another page than before");
            if (answer.Took > TimeSpan.FromSeconds(1)) wrong.Add($"{path} took {answer.Took.TotalMilliseconds:0} ms");
        }
        Assert.True(wrong is [], string.Join('\n', wrong));
        using var ready = await site.Client.GetAsync("/health/ready", Token);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task<Dictionary<string, (HttpStatusCode Status, string Text, TimeSpan Took)>> LookAsync(RunningSite site)
    {
        var answers = new Dictionary<string, (HttpStatusCode, string, TimeSpan)>();
        foreach (var path in Paths)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await site.Client.GetAsync(path, Token);
            var text = await answer.Content.ReadAsStringAsync(Token);
            answers[path] = (answer.StatusCode, Passing().Replace(text, ""), watch.Elapsed);
        }
        return answers;
    }

    private static async Task<bool> FailedAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM crawl_cursor WHERE source = 'hub/models/full' AND state = 3 AND error IS NOT NULL AND read = 0");
        return (long)(await command.ExecuteScalarAsync(Token) ?? 0L) == 1;
    }

    /// <summary>Free a moment ago, so that whoever connects to it is refused.</summary>
    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What is another one for each answer: nonces and tokens.</summary>
    [GeneratedRegex("""nonce="[^"]*"|name="__RequestVerificationToken"[^>]*>|<!--Blazor[^>]*-->""", RegexOptions.None, 1_000)]
    private static partial Regex Passing();
}
