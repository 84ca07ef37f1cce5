using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>What somebody finds in the first minute, with no account, no network and no GPU.</summary>
public sealed partial class FirstVisitBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task From_the_three_kinds_by_a_verdict_and_a_comparison_to_a_text_of_a_model()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        List<string> elsewhere = [];
        await page.RouteAsync(address => !address.StartsWith(fixture.Site.Address.ToString(), StringComparison.Ordinal), route =>
        {
            elsewhere.Add(route.Request.Url);
            return route.AbortAsync(); // there is no network
        });
        var since = TimeProvider.System.GetTimestamp();
        await visit.GoAsync("/");
        foreach (var kind in new[] { "Open source", "Open weights", "Closed" }) await Assertions.Expect(page.Locator("main")).ToContainTextAsync(kind);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("bloom");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator($"a[href='/models/{SampleCatalog.Bloom}']").First.ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(MayI());

        await visit.GoAsync($"/compare/models?m={SampleCatalog.Bloom},mistralai/Mistral-7B-v0.1");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Mistral-7B-v0.1");

        await page.GetByRole(AriaRole.Link, new() { Name = "Playground", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "May I sell an app that uses a CC-BY-NC model?" }).ClickAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("Tokens/s", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("[data-terms]:visible")).ToContainTextAsync("MIT");
        Assert.Matches(Commercial(), await page.Locator("[data-out]").InnerTextAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0, 60);
        Assert.Empty(elsewhere);
        Assert.Empty(await visit.TroublesAsync());
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "first-visit.png"), FullPage = true });
    }

    [GeneratedRegex("May I|Allowed|Not allowed", RegexOptions.None, 1000)]
    private static partial Regex MayI();

    [GeneratedRegex(@"\b(no|not|non-commercial)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Commercial();
}
