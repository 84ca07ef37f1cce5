using System.Net;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Faults;
using Npgsql;

namespace ModelAtlas.Web.Tests.ModelPages;

/// <summary>A model that the catalogue does not have is asked for, and is there.</summary>
public sealed class RefreshTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_model_that_somebody_asks_for_is_read_from_the_hub()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Limits = new(400, TimeSpan.FromMinutes(5), TimeProvider.System);
        hub.ModelsDev = "{}";
        var repo = FakeModels.One(1, new Random(1));
        repo["id"] = "maker/fresh";
        hub.Models.Add(repo);
        hub.Models.Card("maker/fresh", "---\nlicense: mit\n---\nTrained on the text of a thousand tests.");
        hub.Fail(FakeFaults.Status(503), int.MaxValue, request => !request.QueryString.Value!.Contains("blobs", StringComparison.Ordinal) && request.Path.StartsWithSegments("/api")); // no listing tells of it
        await using var site = await StartAsync();
        var page = "/models/maker/fresh";
        var unknown = await site.Client.GetAsync(page, Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("href=\"/models/maker/fresh/refresh\"", await unknown.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        using var visitor = new Visitor(site.Address);
        var asked = await visitor.SubmitAsync(page + "/refresh", "refresh", []);
        Assert.Contains("The Hub is being asked.", asked.Body, StringComparison.Ordinal);
        Assert.Contains("The Hub is being asked.", (await visitor.SubmitAsync(page + "/refresh", "refresh", [])).Body, StringComparison.Ordinal); // again
        Assert.Equal(1L, await CountAsync(site)); // shares the first one

        await using var jobs = await RunningSite.StartAsync(site.ConnectionString, "Jobs", [$"--Atlas:Hub:Endpoint={hub.Endpoint}", $"--Atlas:ModelsDev:Endpoint={hub.Endpoint}", "--Atlas:Hub:Retries=0"]);
        await UntilAsync(async () => (await site.Client.GetAsync(page, Token)).StatusCode == HttpStatusCode.OK);
        await UntilAsync(async () => await AskAsync(site, "SELECT count(*) FROM model_card JOIN model ON id = model_id WHERE repo_id = 'maker/fresh' AND text LIKE '%a thousand tests%'") is 1L); // its card too
        Assert.Contains(">Ask again</a>", await site.Client.GetStringAsync(page, Token), StringComparison.Ordinal);

        // What the hub said of its limits is known to the site.
        await UntilAsync(() => Task.FromResult(AllowanceReport.Read(site.Services.GetRequiredService<JobStorage>()).Any(told => told.Allowance is { Bucket: "api", Quota: 400, Left: < 400 })));
    }

    [Fact]
    public async Task Whoever_has_no_account_where_one_is_needed_signs_in_first()
    {
        await using var site = await StartAsync("--Atlas:Playground:OpenToAll=false");
        using var visitor = new Visitor(site.Address);
        var page = await visitor.GetAsync("/models/maker/fresh/refresh");
        Assert.Contains("/sign-in?returnUrl=%2Fmodels%2Fmaker%2Ffresh%2Frefresh", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.SubmitAsync("/models/maker/fresh/refresh", "refresh", [])).Status);
        Assert.Equal(0L, await CountAsync(site));
    }

    [Fact]
    public async Task A_service_an_odd_name_and_an_offline_site_say_why_there_is_nothing_to_ask()
    {
        await using var site = await StartAsync("--Atlas:Offline=true");
        using var visitor = new Visitor(site.Address);
        Assert.Contains("offered as a service only", (await visitor.GetAsync($"/models/{SampleCatalog.Service}/refresh")).Body, StringComparison.Ordinal);
        Assert.Contains("started offline", (await visitor.GetAsync($"/models/{SampleCatalog.Bloom}/refresh")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.SubmitAsync($"/models/{SampleCatalog.Bloom}/refresh", "refresh", [])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/models/%20/x/refresh")).Status);
        Assert.Equal(0L, await CountAsync(site));
    }

    [Fact]
    public async Task One_person_may_ask_for_so_many_an_hour()
    {
        await using var site = await StartAsync();
        var desk = site.Services.GetRequiredService<RefreshDesk>();
        for (var turn = 0; turn < RefreshDesk.PerHour; turn++) Assert.Null(desk.Ask($"maker/model-{turn}", "account 1"));
        Assert.Contains("You may ask for 20 models an hour.", desk.Ask("maker/one-more", "account 1"), StringComparison.Ordinal);
        Assert.Null(desk.Ask("maker/one-more", "account 2"));
        Assert.Contains("names are owner/name", desk.Ask("_/legacy", "account 2"), StringComparison.Ordinal);
        Assert.Contains("names are owner/name", desk.Ask("gpt2", "account 2"), StringComparison.Ordinal);
    }

    private async Task<RunningSite> StartAsync(params string[] settings)
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models);
        await HangfireStorage.InstallAsync(database, Token);
        await SiteLogin.GrantAsync(database, Token);
        return await RunningSite.StartAsync(database, settings);
    }

    private static Task<object?> CountAsync(RunningSite site) => AskAsync(site, "SELECT count(*) FROM hangfire.job WHERE invocationdata::text LIKE '%ReadModelJob%'");

    private static async Task<object?> AskAsync(RunningSite site, string sql)
    {
        await using var source = NpgsqlDataSource.Create(site.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private static Task UntilAsync(Func<Task<bool>> happened) => CrawlStage.UntilAsync(happened, TimeSpan.FromMinutes(1), "It did not happen");
}
