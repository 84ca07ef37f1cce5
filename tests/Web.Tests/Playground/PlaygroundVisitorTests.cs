using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>What visitors of all kinds meet: terms, a keyboard, a crash, an account.</summary>
public sealed class PlaygroundVisitorTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const string Link = "/playground?model=acme/stories&mode=complete&prompt=Once+upon+a+time&seed=7&max_new_tokens=40";
    private const int MostSteps = 80;

    [Fact]
    public async Task PLAY_07_Terms_are_shown_above_the_pane_and_accepted_there_before_anything_runs()
    {
        _ = Site();
        var database = await shelf.DatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new SeedModel("acme/stories") { License = "llama3", LicenseClass = "restricted", Class = Openness.OpenWeights }], []);
        await using var site = await RunningSite.StartAsync(database, $"--Atlas:Data={shelf.Folder}");
        await using var visit = await OpenAsync(site, Link);
        var page = visit.Page;
        var terms = page.Locator("[data-terms='acme/stories']");
        await Assertions.Expect(terms).ToContainTextAsync("Open weights");
        await Assertions.Expect(terms.Locator("a[href='/licenses/llama3']")).ToBeVisibleAsync();
        await Assertions.Expect(terms.Locator(".play-condition")).ToHaveCountAsync(3);

        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-phase]")).ToContainTextAsync("accept its terms");
        Assert.Equal("", await page.Locator("[data-out]").InnerTextAsync());
        await SaveAsync(visit, "terms");
        await page.GetByRole(AriaRole.Button, new() { Name = "I have read the licence and accept its terms" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-phase]")).ToHaveTextAsync("The terms are accepted: run again.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("Tokens/s", new() { Timeout = 60_000 });

        await using var stranger = await OpenAsync(site, Link); // in a comparison too: neither pane begins
        await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Compare two" }).ClickAsync();
        await stranger.Page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(stranger.Page.Locator("[data-phase]").Nth(0)).ToContainTextAsync("accept its terms");
        await Assertions.Expect(stranger.Page.Locator("[data-phase]").Nth(1)).ToHaveTextAsync("Not begun: the two run together, and the other one cannot.");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task With_the_keyboard_alone_a_model_is_chosen_set_asked_read_and_published()
    {
        await using var visit = await OpenAsync(Site(), "/playground");
        var page = visit.Page;
        await StepToAsync(page, "[name=mode]");
        await page.Keyboard.PressAsync("ArrowRight"); // from chat to complete
        await StepToAsync(page, "[name=model]");
        await page.Keyboard.TypeAsync("acme/st");
        await Assertions.Expect(page.Locator("[name=model]")).ToHaveValueAsync("acme/stories");
        await StepToAsync(page, ".play-settings > summary");
        await page.Keyboard.PressAsync("Enter");
        await StepToAsync(page, "[name=max_new_tokens]");
        await page.Keyboard.TypeAsync("24");
        await StepToAsync(page, "textarea");
        await page.Keyboard.TypeAsync("Once upon a time");
        await StepToAsync(page, "button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToHaveTextAsync("The models are asked.");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("acme/stories finished,", new() { Timeout = 60_000 });
        await page.Keyboard.PressAsync("Shift+Tab");
        await StepToAsync(page, "[data-out]", "Shift+Tab"); // the answer can be scrolled
        await StepToAsync(page, ".play-after button:has-text('Publish')");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Published: its page" })).ToBeVisibleAsync();
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task When_the_model_s_process_dies_the_page_says_so_keeps_the_prompt_and_the_next_run_works()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        await shelf.AddAsync(EndlessModel.Id, await EndlessModel.FilesAsync(source, TestContext.Current.CancellationToken));
        var site = Site();
        await using var visit = await OpenAsync(site, $"/playground?model={EndlessModel.Id}&mode=complete&prompt=Once&max_new_tokens=4096");
        var page = visit.Page;
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-phase]")).ToContainTextAsync("Generating", new() { Timeout = 60_000 });
        var host = site.Services.GetRequiredService<HostedModels>().All.Single(model => model.Key.Contains("endless", StringComparison.Ordinal)).Value;
        using (var process = Process.GetProcessById(host.ProcessId ?? 0)) process.Kill();
        await Assertions.Expect(page.Locator("[data-phase]")).ToHaveTextAsync("The model's process was ended by signal 9.", new() { Timeout = 2_000 });
        await Assertions.Expect(page.Locator("textarea")).ToHaveValueAsync("Once");
        await page.Locator("[name=model]").SelectOptionAsync(EndlessModel.Id);
        await page.Locator(".play-settings summary").ClickAsync();
        await page.Locator("[name=max_new_tokens]").FillAsync("5");
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_published_result_tells_how_it_was_made_and_is_deleted_by_its_account_from_any_browser()
    {
        _ = Site();
        const string password = "four unrelated words here";
        await using var site = await shelf.StartAsync();
        Assert.Null(await site.Services.GetRequiredService<AccountWriter>().CreateAsync("pia", password, AccountRole.Player, TestContext.Current.CancellationToken));
        await using var visit = await SignedInAsync();
        await visit.GoAsync(Link);
        await visit.Page.Locator("textarea").PressAsync("Control+Enter");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Publish result" }).ClickAsync(new() { Timeout = 60_000 });
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Published: its page" }).ClickAsync();
        foreach (var word in new[] { "revision aaaaaaaaaaaa", "on cpu", "seed", "first token", "tokens/s", "temperature", "0.7" }) await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync(word);
        var path = new Uri(visit.Page.Url).AbsolutePath;

        await using var other = await SignedInAsync();
        await other.GoAsync(path);
        await other.Page.GetByRole(AriaRole.Link, new() { Name = "Take it to the playground" }).ClickAsync();
        await Assertions.Expect(other.Page.Locator("[data-phase]")).ToHaveTextAsync("Nothing has run yet."); // its reader runs it, or does not
        await Assertions.Expect(other.Page.Locator("[name=seed]")).ToHaveValueAsync("7");
        await other.GoAsync(path);
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Delete this page" }).ClickAsync();
        await other.Page.WaitForURLAsync("**/playground");
        Assert.Equal(404, (await visit.GoAsync(path))?.Status);

        async Task<Visit> SignedInAsync()
        {
            var visitor = await Visit.StartAsync(await browsers.OpenAsync(), site.Address);
            await visitor.GoAsync("/sign-in");
            await visitor.Page.GetByLabel("Name").FillAsync("pia");
            await visitor.Page.GetByLabel("Password").FillAsync(password);
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await visitor.Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
            return visitor;
        }
    }

    /// <summary>Tab after Tab until the focus is on it.</summary>
    private static async Task StepToAsync(IPage page, string selector, string key = "Tab")
    {
        var target = page.Locator(selector).First;
        for (var step = 0; step < MostSteps; step++)
        {
            if (await target.CountAsync() > 0 && await target.EvaluateAsync<bool>("element => document.activeElement === element || (element.type === 'radio' && document.activeElement.name === element.name)")) return;
            await page.Keyboard.PressAsync(key);
        }
        Assert.Fail($"{MostSteps} steps do not lead to {selector}.");
    }

    private RunningSite Site()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        return shelf.Site;
    }

    private async Task<Visit> OpenAsync(RunningSite site, string path)
    {
        var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address);
        await visit.GoAsync(path);
        await Assertions.Expect(visit.Page.Locator("[data-playground][data-ready]")).ToBeVisibleAsync();
        return visit;
    }

    private static async Task SaveAsync(Visit visit, string name)
    {
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
