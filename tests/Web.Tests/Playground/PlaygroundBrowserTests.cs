using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>The playground as a visitor uses it, with a model that really generates.</summary>
public sealed partial class PlaygroundBrowserTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const string Link = "/playground?model=acme/stories&mode=complete&prompt=Once+upon+a+time&seed=7&max_new_tokens=60";

    [Fact]
    public async Task A_link_prefills_and_runs_nothing_and_a_run_shows_its_text_figures_and_prompt()
    {
        await using var visit = await OpenAsync(Link);
        var page = visit.Page;
        await Assertions.Expect(page.Locator("[data-phase]")).ToHaveTextAsync("Nothing has run yet.");
        await Assertions.Expect(page.Locator("[name=seed]")).ToHaveValueAsync("7");
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("length", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("60");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished");
        var text = await page.Locator("[data-out]").InnerTextAsync();
        Assert.True(text.Length > 40, text);
        await page.Locator(".play-exact summary").ClickAsync();
        await Assertions.Expect(page.Locator("[data-exact]")).ToContainTextAsync("Once upon a time");
        await SaveAsync(visit, "playground-run");

        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("asked");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
        Assert.Equal(text, await page.Locator("[data-out]").InnerTextAsync()); // the same seed
        await Assertions.Expect(page.Locator("[data-history] li")).ToHaveCountAsync(2);
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Before_its_script_is_there_nothing_can_be_pressed_in_vain_and_what_was_written_stays()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), shelf.Site.Address);
        var page = visit.Page;
        TaskCompletionSource arrives = new();
        await page.RouteAsync("**/playground-settings*.js", async route => { await arrives.Task; await route.ContinueAsync(); });
        await page.GotoAsync(Link, new() { WaitUntil = WaitUntilState.Commit });
        var run = page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true });
        await Assertions.Expect(run).ToBeDisabledAsync();
        await page.Locator("textarea").FillAsync("A frog");
        await page.Locator("textarea").PressAsync("Control+Enter"); // nothing listens yet, and nothing is sent
        await Assertions.Expect(page.Locator("button[data-do]:enabled, .play-form [type=submit]:enabled")).ToHaveCountAsync(0);

        arrives.SetResult();
        await run.ClickAsync(); // waits until it can be pressed
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("Tokens/s", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("[data-exact]")).ToContainTextAsync("A frog");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task A_published_result_has_a_page_that_its_browser_can_delete()
    {
        await using var visit = await OpenAsync(Link);
        var page = visit.Page;
        await page.Locator("textarea").PressAsync("Control+Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish result" }).ClickAsync(new() { Timeout = 60_000 });
        var text = await page.Locator("[data-out]").InnerTextAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Published: its page" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("stories");
        Assert.Contains(text[..30].Trim(), await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await SaveAsync(visit, "playground-published");
        await using var other = await Visit.StartAsync(await browsers.OpenAsync(), shelf.Site?.Address ?? new("about:blank"));
        await other.GoAsync(new Uri(page.Url).AbsolutePath);
        await Assertions.Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Delete this page" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete this page" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(PlaygroundItself());
        Assert.Equal(404, (await other.GoAsync(new Uri(other.Page.Url).AbsolutePath))?.Status);
    }

    [Fact]
    public async Task Two_configurations_answer_side_by_side_and_several_texts_have_tabs()
    {
        await using var visit = await OpenAsync(Link + "&num_return_sequences=2");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare two" }).ClickAsync();
        var panes = page.Locator("[data-pane]");
        await Assertions.Expect(panes).ToHaveCountAsync(2);
        await panes.Nth(1).Locator("summary").First.ClickAsync();
        await panes.Nth(1).Locator("[name=greedy]").CheckAsync();
        await Assertions.Expect(panes.Nth(1).Locator("[name=temperature]")).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 90_000 });
        await Assertions.Expect(panes.Nth(0).Locator(".play-texts button")).ToHaveCountAsync(2);
        var first = await panes.Nth(0).Locator("[data-out]").InnerTextAsync();
        await panes.Nth(0).Locator(".play-texts button").Nth(1).ClickAsync();
        Assert.NotEqual(first, await panes.Nth(0).Locator("[data-out]").InnerTextAsync());
        await SaveAsync(visit, "playground-compare");
        Assert.True(await panes.Nth(1).Locator("[data-out]").InnerTextAsync() is { Length: > 40 }, await panes.Nth(1).Locator("[data-phase]").InnerTextAsync());
    }

    [Fact]
    public async Task Escape_stops_a_text_and_keeps_what_came()
    {
        await using var visit = await OpenAsync("/playground?model=acme/stories&mode=complete&prompt=Once&max_new_tokens=4096");
        var page = visit.Page;
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-phase]")).ToContainTextAsync("Generating", new() { Timeout = 60_000 });
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("[data-phase]")).ToHaveTextAsync(StoppedOrEnded(), new() { Timeout = 10_000 });
        Assert.NotEqual("", await page.Locator("[data-out]").InnerTextAsync());
    }

    [Fact]
    public async Task What_cannot_be_is_said_before_anything_is_asked()
    {
        await using var visit = await OpenAsync("/playground?mode=complete&temperature=9");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=alert]")).ToHaveTextAsync("Write a prompt first.");
        await page.Locator("textarea").FillAsync("Once");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("temperature has to be 0 to 2");
        await page.Locator("[name=preset]").SelectOptionAsync("mistral");
        await Assertions.Expect(page.Locator("[name=top_k]")).ToHaveValueAsync("50");
        await Assertions.Expect(page.Locator("[name=temperature]")).ToHaveValueAsync("0.7");
    }

    [Theory]
    [InlineData(Look.Desktop)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task The_page_is_accessible_and_fits_its_window(Look look)
    {
        await using var visit = await OpenAsync(Link, look);
        await visit.Page.Locator(".play-settings summary").ClickAsync();
        await SaveAsync(visit, $"playground-{look.ToString().ToLowerInvariant()}");
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
        var found = await visit.Page.RunAxe();
        Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help} at {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
        Assert.Empty(await visit.TroublesAsync());
    }

    [GeneratedRegex("Stopped|reached", RegexOptions.None, 1000)]
    private static partial Regex StoppedOrEnded();

    [GeneratedRegex("/playground$", RegexOptions.None, 1000)]
    private static partial Regex PlaygroundItself();

    private async Task<Visit> OpenAsync(string path, Look look = Look.Desktop)
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        var visit = await Visit.StartAsync(await browsers.OpenAsync(), shelf.Site.Address, look);
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
