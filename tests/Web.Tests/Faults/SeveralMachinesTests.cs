using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using ModelAtlas.Web.Tests.Accounts.Http;
using Npgsql;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>Two sites and two job servers, four processes on one database, as on four machines.</summary>
public sealed class SeveralMachinesTests(PostgresFixture postgres)
{
    private const int Models = 600;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_sites_and_two_job_servers_crawl_once_agree_within_a_minute_and_take_each_others_sign_in()
    {
        await using var hub = await CrawlStage.HubAsync(Models, pageMilliseconds: 100);
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        var (made, output, complaint) = await AtlasProcess.RunAsync(["admin", "create", "ada"], Environment(database, hub, "site"));
        Assert.True(made == 0, complaint);
        var password = output.Split(' ', '\n').Last(word => word.Length > 8);

        await using var jobs = AtlasProcess.Start(["up", "--port", "0"], Environment(database, hub, "jobs"));
        await using var moreJobs = AtlasProcess.Start(["up", "--port", "0"], Environment(database, hub, "jobs"));
        await using var site = AtlasProcess.Start(["up", "--port", "0"], Environment(database, hub, "site"));
        await using var twin = AtlasProcess.Start(["up", "--port", "0"], Environment(database, hub, "site"));
        foreach (var process in new[] { site, twin }) await process.ReadyAsync();

        // One crawl: each page of the full listing was asked for once.
        await UntilAsync(async () => await CountAsync(source, "SELECT count(*) FROM crawl_cursor WHERE source = 'hub/models/full' AND state = 2") == 1);
        var pages = hub.Log.Where(request => request.Path == "/api/models" && request.Query.Contains("sort=createdAt", StringComparison.Ordinal)).CountBy(request => request.Query).ToList();
        Assert.Equal(Models / 50, pages.Count);
        Assert.All(pages, page => Assert.Equal(1, page.Value));
        Assert.Equal(0, await CountAsync(source, "SELECT count(*) FROM model GROUP BY hub_id HAVING hub_id IS NOT NULL AND count(*) > 1 UNION ALL SELECT 0 LIMIT 1"));

        // Both indexes show what the crawl has brought, and agree in all.
        var crawled = Stopwatch.StartNew();
        await UntilAsync(async () => await ShownAsync(site) is { } one && one == await ShownAsync(twin) && one.Source >= Models);
        Assert.InRange(crawled.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        // A sign-in at one is one at the other, and outlives the site that gave it.
        using var visitor = new Visitor(site.Address);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.TrySignInAsync("ada", password)).Status);
        site.Terminate();
        await site.EndAsync(TimeSpan.FromSeconds(30));
        using var elsewhere = new Visitor(twin.Address);
        foreach (var (name, value) in visitor.Cookies) elsewhere.Cookies[name] = value;
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/account")).Status);
    }

    private static async Task<(int Total, int Source)?> ShownAsync(AtlasProcess site)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }, disposeHandler: true) { BaseAddress = site.Address };
        try
        {
            return (await TotalAsync(client, "/api/v1/models?limit=1"), await TotalAsync(client, "/api/v1/models?limit=1&created=2022-01-01..&rel=original,finetune,quantised,adapter,merge"));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<int> TotalAsync(HttpClient client, string path)
    {
        await using var body = await client.GetStreamAsync(new Uri(path, UriKind.Relative), Token);
        using var answer = await JsonDocument.ParseAsync(body, cancellationToken: Token);
        return answer.RootElement.GetProperty("total").GetInt32();
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Token), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, string> Environment(string database, FakeHub hub, string roles) => new()
    {
        ["ConnectionStrings__Atlas"] = database,
        ["Atlas__Roles"] = roles,
        ["Atlas__Hub__Endpoint"] = hub.Endpoint,
        ["Atlas__Hub__BatchSize"] = "50",
        ["Atlas__ModelsDev__Endpoint"] = hub.Endpoint,
    };

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(100, Token))
            if (await happened()) return;
        Assert.Fail("it did not happen within two minutes");
    }
}
