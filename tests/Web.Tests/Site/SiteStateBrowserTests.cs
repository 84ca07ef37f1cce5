using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using Npgsql;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>Pages in states that a working site is seldom in. With ATLAS_SCREENSHOTS set to a folder, pictures go there.</summary>
public sealed class SiteStateBrowserTests(SiteFixture fixture, PostgresFixture postgres, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    private static readonly (string Name, string Path)[] Main =
    [
        ("home", "/"), ("models", "/models"), ("types", "/types"), ("licenses", "/licenses"), ("license", "/licenses/gemma"), ("changes", "/changes"), ("stats", "/stats"), ("method", "/method"), ("playground", "/playground"), ("api", "/api"),
    ];

    [Fact]
    public async Task At_twice_the_size_nothing_is_cut_off()
    {
        await using var context = await (await browsers.OpenAsync()).NewContextAsync(new() { BaseURL = fixture.Site.Address.ToString(), ViewportSize = new() { Width = 640, Height = 450 }, DeviceScaleFactor = 2 });
        var page = await context.NewPageAsync();
        foreach (var (name, path) in Main.Append(("model", $"/models/{SampleCatalog.Quantized}")).Append(("compare", "/compare/licenses?l=apache-2.0,gemma,llama3,mit")))
        {
            await page.GotoAsync(path);
            await SaveAsync(page, $"{name}-zoomed");
            Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), $"{path} scrolls sideways");
        }
    }

    [Fact]
    public async Task A_site_without_models_says_so_and_has_no_broken_page()
    {
        await using var site = await RunningSite.StartAsync(await postgres.CreateDatabaseAsync());
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address);
        foreach (var (name, path) in Main) await LookAsync(visit, path, $"{name}-empty");
        await visit.GoAsync("/");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("./atlas");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task A_catalogue_that_is_out_of_date_says_so_above_every_page()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models, SampleCatalog.Datasets);
        await using var site = await RunningSite.StartAsync(database);
        await using (var source = NpgsqlDataSource.Create(site.ConnectionString))
        await using (var command = source.CreateCommand("INSERT INTO crawl_cursor (source, state, started_at, heartbeat_at, finished_at, pages, read, stored, unchanged, quarantined) VALUES ('hub/models/full', 2, now(), now(), now() - interval '3 days', 1, 1, 1, 0, 0)"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await ((Web.Jobs.CrawlFreshness?)site.Services.GetService(typeof(Web.Jobs.CrawlFreshness)))!.LookAsync(TestContext.Current.CancellationToken);
        foreach (var look in new[] { Look.Desktop, Look.Phone })
        {
            await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address, look);
            await LookAsync(visit, "/", $"home-stale-{look}".ToLowerInvariant());
            await Assertions.Expect(visit.Page.Locator(".stale")).ToBeVisibleAsync();
        }
    }

    private static async Task LookAsync(Visit visit, string path, string name)
    {
        await visit.GoAsync(path);
        await SaveAsync(visit.Page, name);
        Assert.Empty((await visit.Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{path}: {violation.Id}: {violation.Help}"));
    }

    private static async Task SaveAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
