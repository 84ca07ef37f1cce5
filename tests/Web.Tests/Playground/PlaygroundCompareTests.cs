using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Faults;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>Two panes, probabilities, the queue and cut lines, with models that really generate.</summary>
public sealed partial class PlaygroundCompareTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const string Link = "/playground?model=acme/stories&mode=complete&prompt=Once+upon+a+time&seed=7&max_new_tokens=40";

    [Theory]
    [InlineData(Look.Desktop)]
    [InlineData(Look.Phone)]
    public async Task A_blind_comparison_hides_both_models_until_a_vote(Look look)
    {
        await using var visit = await OpenAsync(Site().Address, Link, look);
        var page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare two" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-differ]")).ToContainTextAsync("They differ in model");
        await SaveAsync(visit, "compare", look);
        var toggle = page.GetByRole(AriaRole.Button, new() { Name = "Blind" });
        await toggle.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(toggle).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("Vote to see", new() { Timeout = 90_000 });
        await SaveAsync(visit, "blind", look);
        var seen = await page.Locator("main").InnerTextAsync();
        var shown = seen[seen.IndexOf("Compare two", StringComparison.Ordinal)..];
        Assert.DoesNotContain("acme/stories", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("built-in", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Tokens/s", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("acme/stories", await page.Locator("[data-status]").InnerTextAsync(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Group, new() { Name = "Which answer is better?" }).GetByRole(AriaRole.Button, new() { Name = "A", Exact = true }).PressAsync("Enter");
        var first = await page.Locator("[data-pane] [name=model]").First.InputValueAsync();
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync($"You chose A: {first}. B is ");
        await Assertions.Expect(page.Locator("[data-pane] .play-model").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-figures]").First).ToContainTextAsync("Tokens/s");
        await Assertions.Expect(page.Locator("[data-history] li").First).ToContainTextAsync("acme/stories");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Settings_are_swapped_and_copied_and_what_differs_is_told()
    {
        await using var visit = await OpenAsync(Site().Address, Link);
        var page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare two" }).ClickAsync();
        var panes = page.Locator("[data-pane]");
        await panes.Nth(0).Locator("summary").First.ClickAsync();
        await panes.Nth(0).Locator("[data-slide=temperature]").FillAsync("1.2"); // sliding
        await Assertions.Expect(panes.Nth(0).Locator("[name=temperature]")).ToHaveValueAsync("1.2");
        await Assertions.Expect(page.Locator("[data-differ]")).ToContainTextAsync("temperature: 1.2 / 0.7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy settings of A to B" }).ClickAsync();
        await Assertions.Expect(panes.Nth(1).Locator("[name=temperature]")).ToHaveValueAsync("1.2");
        await Assertions.Expect(panes.Nth(1).Locator("[name=greedy]")).Not.ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("[data-differ]")).ToHaveTextAsync(ModelOnly());
        var before = await panes.Nth(0).Locator("[name=model]").InputValueAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Swap" }).ClickAsync();
        await Assertions.Expect(panes.Nth(1).Locator("[name=model]")).ToHaveValueAsync(before);
    }

    [Fact]
    public async Task Each_token_s_probability_is_told_to_whoever_points_at_it_or_comes_by_keyboard()
    {
        await using var visit = await OpenAsync(Site().Address, Link);
        var page = visit.Page;
        await page.Locator(".play-settings summary").ClickAsync();
        await page.GetByLabel("Token probabilities").CheckAsync();
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
        var tokens = page.Locator(".play-token:not([hidden])");
        Assert.InRange(await tokens.CountAsync(), 20, 40);
        await tokens.Nth(3).HoverAsync();
        await Assertions.Expect(page.Locator("[data-told]")).ToHaveTextAsync(Probability());
        var hovered = await page.Locator("[data-told]").InnerTextAsync();
        await tokens.Nth(0).FocusAsync();
        for (var step = 0; step < 3; step++) await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(tokens.Nth(3)).ToBeFocusedAsync();
        Assert.Equal(hovered, await page.Locator("[data-told]").InnerTextAsync());
        Assert.Equal(1, await page.Locator(".play-token[tabindex='0']").CountAsync()); // one stop for the tab key
        await SaveAsync(visit, "probabilities", Look.Desktop);
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Who_waits_sees_the_place_and_a_closed_tab_gives_its_own_to_the_next_within_a_second()
    {
        _ = Site();
        await using var site = await shelf.StartAsync("--Atlas:Playground:AtOnce=1");
        var busy = await OpenAsync(site.Address, "/playground?model=acme/stories&mode=complete&prompt=Once&temperature=1.9&top_k=0&num_return_sequences=4&max_new_tokens=4096");
        await using var waits = await OpenAsync(site.Address, Link);
        await busy.Page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(busy.Page.Locator("[data-phase]")).ToContainTextAsync("Generating", new() { Timeout = 60_000 });
        var hosts = site.Services.GetRequiredService<HostedModels>();
        Assert.Contains(hosts.All, model => model.Value.Texts > 0);
        await waits.Page.Locator("textarea").PressAsync("Control+Enter");
        await waits.Page.WaitForFunctionAsync("() => /Queued|Generating|reached/.test(document.querySelector('[data-phase]').textContent)");

        var since = TimeProvider.System.GetTimestamp();
        await busy.Page.CloseAsync(new() { RunBeforeUnload = true });
        await Assertions.Expect(waits.Page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 5_000 });
        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0, 4); // the other's text of 40 tokens, too
        await busy.DisposeAsync();
    }

    [Fact]
    public async Task A_line_that_is_cut_in_the_middle_costs_no_letter()
    {
        await using var visit = await OpenAsync(Site().Address, Link);
        var page = visit.Page;
        var asked = 0;
        await page.RouteAsync("**/playground/runs/*", async route =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                await route.ContinueAsync();
                return;
            }
            var whole = await route.FetchAsync();
            var events = (await whole.TextAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
            await route.FulfillAsync(new() { ContentType = "text/event-stream", Body = string.Join("\n\n", events[..(events.Length / 2)]) + "\n\n" });
        });
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
        Assert.Equal(2, asked);
        var text = await page.Locator("[data-out]").InnerTextAsync();
        await page.UnrouteAllAsync();
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-history] li")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        Assert.Equal(await page.Locator("[data-out]").InnerTextAsync(), text); // the same seed, nothing cut
    }

    [Fact]
    public async Task History_is_taken_up_again_exported_and_shown_as_code()
    {
        await using var visit = await OpenAsync(Site().Address, Link);
        var page = visit.Page;
        await page.Locator("textarea").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-history] li")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        foreach (var (name, file) in new[] { ("Export as JSON", "playground.json"), ("Export as Markdown", "playground.md") })
        {
            var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync());
            Assert.Equal(file, saved.SuggestedFilename);
            Assert.Contains("Once upon a time", await File.ReadAllTextAsync(await saved.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Pin seed" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "View code" }).ClickAsync();
        foreach (var word in new[] { "curl ", "from openai import OpenAI", "/v1/completions", "\"seed\": 7" }) await Assertions.Expect(page.Locator("[data-code]")).ToContainTextAsync(word);
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.GetByLabel("Chat", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "View code" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-code]")).ToContainTextAsync("AsIChatClient()");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.Locator("textarea").FillAsync("another");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take up again" }).ClickAsync();
        await Assertions.Expect(page.Locator("textarea")).ToHaveValueAsync("Once upon a time");
        await Assertions.Expect(page.Locator("textarea")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Two_models_of_a_comparison_are_run_side_by_side_where_both_are_here()
    {
        Site();
        await using var site = await shelf.StartAsync();
        await CatalogSeed.WriteAsync(site.ConnectionString, [new(ShelfFixture.Model), new(BuiltInModel.Id), new("not/here")]);
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address);
        var page = visit.Page;
        var both = page.GetByRole(AriaRole.Link, new() { Name = "Run both" });
        await CrawlStage.UntilAsync(async () =>
        {
            await visit.GoAsync($"/compare/models?m={BuiltInModel.Id},not/here,{ShelfFixture.Model}");
            return await both.CountAsync() == 1;
        }, TimeSpan.FromMinutes(1), "Nothing can be run");
        await both.ClickAsync();
        await Assertions.Expect(page.Locator("[data-playground][data-ready]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-pane] [name=model]").Nth(0)).ToHaveValueAsync(BuiltInModel.Id);
        await Assertions.Expect(page.Locator("[data-pane] [name=model]").Nth(1)).ToHaveValueAsync(ShelfFixture.Model);
        await Assertions.Expect(page.Locator("[data-differ]")).ToContainTextAsync("They differ in model");
        await Assertions.Expect(page.Locator("[data-phase]").First).ToHaveTextAsync("Nothing has run yet."); // a link never runs by itself

        await visit.GoAsync($"/compare/models?m={ShelfFixture.Model},not/here");
        Assert.Equal(0, await both.CountAsync());
        await visit.GoAsync($"/playground?model={ShelfFixture.Model}&against=not/here");
        await Assertions.Expect(page.Locator("[data-wanted]")).ToContainTextAsync("not/here");
        Assert.Empty(await visit.TroublesAsync());
    }

    [GeneratedRegex("^They differ in model: [^,]*\\.$", RegexOptions.None, 1000)]
    private static partial Regex ModelOnly();

    [GeneratedRegex("^“[^”]*”: [<>]?[0-9.]+ %. Others: “", RegexOptions.None, 1000)]
    private static partial Regex Probability();

    private RunningSite Site()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        return shelf.Site;
    }

    private async Task<Visit> OpenAsync(Uri site, string path, Look look = Look.Desktop)
    {
        var visit = await Visit.StartAsync(await browsers.OpenAsync(), site, look);
        await visit.GoAsync(path);
        await Assertions.Expect(visit.Page.Locator("[data-playground][data-ready]")).ToBeVisibleAsync();
        return visit;
    }

    private static async Task SaveAsync(Visit visit, string name, Look look)
    {
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{look.ToString().ToLowerInvariant()}.png"), FullPage = true });
    }
}
