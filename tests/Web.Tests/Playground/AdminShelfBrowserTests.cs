using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.Playground.Shelf;
using ModelAtlas.Web.Tests.Site;
using Npgsql;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>The shelf as its keeper sees it: what is on disk, what is in memory, what was asked for.</summary>
public sealed class AdminShelfBrowserTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const string Password = "four unrelated words here";

    [Theory]
    [InlineData(Look.Desktop)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task Disk_memory_and_wishes_are_seen_and_a_model_is_removed(Look look)
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        await shelf.AddAsync("acme/spare", new Dictionary<string, byte[]> { ["config.json"] = new byte[3_000_000] });
        await using var site = await shelf.StartAsync("--Atlas:Downloads:TotalBytes=12000000", "--Atlas:Downloads:ModelBytes=10000000");
        Assert.Null(await site.Services.GetRequiredService<AccountWriter>().CreateAsync("root", Password, AccountRole.Admin, TestContext.Current.CancellationToken));
        await using (var source = NpgsqlDataSource.Create(site.ConnectionString))
        await using (var wish = source.CreateCommand("INSERT INTO shelf_job (repo_id, state, done, total, asked_at, changed_at) VALUES ('acme/wanted', 0, 0, 0, now(), now())"))
            await wish.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address, look);
        var page = visit.Page;
        await visit.GoAsync("/admin/shelf");
        await page.GetByLabel("Name").FillAsync("root");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/shelf");
        await Assertions.Expect(page.Locator(".shelf-plan")).ToContainTextAsync("of 12 MB");
        await Assertions.Expect(page.Locator("tbody").First).ToContainTextAsync("not loaded, takes about 27"); // 256 MiB of work and a little
        await Assertions.Expect(page.Locator("tbody").Last).ToContainTextAsync("waiting");

        await visit.GoAsync("/playground?model=acme/stories&mode=complete&prompt=Once&max_new_tokens=5");
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
        await visit.GoAsync("/admin/shelf");
        await Assertions.Expect(page.Locator(".shelf-plan")).ToContainTextAsync("by 1 loaded model.");
        await Assertions.Expect(page.Locator("tbody").First).ToContainTextAsync("0 running");
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"admin-shelf-{look.ToString().ToLowerInvariant()}.png"), FullPage = true });
        Assert.Empty((await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}"));
        Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(page.Url);
        await RemoveAsync(page);
        await Assertions.Expect(page.Locator("tbody").First).Not.ToContainTextAsync("acme/spare");
        await RemoveAsync(other);
        await Assertions.Expect(other.GetByRole(AriaRole.Status)).ToContainTextAsync("somebody has removed it");
        Assert.Empty(await visit.TroublesAsync());

        static async Task RemoveAsync(IPage page)
        {
            var remove = page.Locator("details", new() { HasText = "Remove acme/spare" });
            await remove.Locator("summary").ClickAsync();
            await remove.Locator("[name=Typed]").FillAsync("acme/spare");
            await page.GetByRole(AriaRole.Button, new() { Name = "Remove acme/spare" }).ClickAsync();
        }
    }

    [Fact]
    public async Task What_rounding_costs_a_model_is_measured_on_demand_and_shown_where_the_model_is()
    {
        var source = SharedData.Find("models/formats/lora-base");
        Assert.SkipWhen(shelf.Site is null || source is null, SharedData.SkipMessage("models/formats/lora-base"));
        await shelf.AddAsync("acme/rounded", Directory.EnumerateFiles(source).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes));
        await using var site = await shelf.StartAsync();
        await HangfireStorage.InstallAsync(site.ConnectionString, TestContext.Current.CancellationToken);
        await SiteLogin.GrantAsync(site.ConnectionString, TestContext.Current.CancellationToken);
        Assert.Null(await site.Services.GetRequiredService<AccountWriter>().CreateAsync("root", Password, AccountRole.Admin, TestContext.Current.CancellationToken));
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address);
        var page = visit.Page;
        await visit.GoAsync("/admin/shelf");
        await page.GetByLabel("Name").FillAsync("root");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/shelf");
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure what rounding costs acme/rounded" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "acme/rounded" });
        await Assertions.Expect(row).ToContainTextAsync("is being measured");
        await using (var database = NpgsqlDataSource.Create(site.ConnectionString))
        await using (var queued = database.CreateCommand("SELECT count(*) FROM hangfire.job WHERE invocationdata::text LIKE '%MeasureLossJob%' AND arguments::text LIKE '%acme/rounded%'"))
            Assert.Equal(1L, await queued.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await site.Services.GetRequiredService<MeasureLossJob>().RunAsync("acme/rounded", TestContext.Current.CancellationToken); // this site runs no jobs
        await visit.GoAsync("/admin/shelf");
        await Assertions.Expect(row).ToContainTextAsync("likely text than with the weights as stored");
        await visit.GoAsync("/playground?model=acme/rounded");
        await Assertions.Expect(page.Locator("[data-terms='acme/rounded']")).ToContainTextAsync("Rounded to run faster here: ");
        await visit.GoAsync("/playground/fetch?model=acme/rounded");
        await Assertions.Expect(page.Locator(".sheet")).ToContainTextAsync("Its weights were rounded so that it runs faster here: ");
        Assert.Empty(await visit.TroublesAsync());
    }
}
