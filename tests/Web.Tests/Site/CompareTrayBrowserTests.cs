using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>Picking models out of a list, by hand, by keyboard and without script.</summary>
public sealed partial class CompareTrayBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_picked_stays_while_the_list_changes_and_leads_to_the_comparison(bool scripts)
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, scripts: scripts);
        var page = visit.Page;
        await visit.GoAsync("/models");
        var tray = page.Locator(".tray");
        await Assertions.Expect(tray).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare openai-community/gpt2" }).ClickAsync();
        await Assertions.Expect(tray).ToContainTextAsync("openai-community/gpt2");
        await page.GetByRole(AriaRole.Link, new() { Name = "Conflicts", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Compare {SampleCatalog.Quantized}" }).ClickAsync();
        await Assertions.Expect(tray.Locator("li")).ToHaveCountAsync(2);
        Assert.Contains("conflict=yes", page.Url, StringComparison.Ordinal);
        Assert.Matches(Names(), Uri.UnescapeDataString(page.Url));

        await page.GetByRole(AriaRole.Link, new() { Name = $"Take {SampleCatalog.Quantized} out of the comparison" }).ClickAsync();
        await Assertions.Expect(tray.Locator("li")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Compare {SampleCatalog.Quantized}" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare 2" }).ClickAsync();
        await page.WaitForURLAsync(Comparison());
        Assert.EndsWith("?m=openai-community/gpt2,TheBloke/Meta-Llama-3-8B-GGUF", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("thead th")).ToHaveCountAsync(2);
        if (scripts) Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Picks_in_quick_succession_are_all_kept_and_go_along_with_whoever_leaves_the_list()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync("/models");
        await page.GetByLabel("Author").FillAsync("half typed");
        await page.EvaluateAsync("() => { for (const pick of [...document.querySelectorAll('button.pick')].slice(0, 3)) pick.click(); }");
        await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator(".tray-count")).ToContainTextAsync("3");
        await Assertions.Expect(page.GetByLabel("Author")).ToHaveValueAsync("half typed");

        // One is taken out, and the list narrowed before the answer is there.
        await page.Locator(".tray li a").Nth(2).WaitForAsync();
        await page.EvaluateAsync("() => { document.querySelector('.tray li a').click(); document.querySelector('.presets a').click(); }");
        await page.WaitForURLAsync("**policy=allowed**");
        await Assertions.Expect(page.Locator(".presets a[aria-current]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(2);
        await page.Locator(".tray-count").ClickAsync();
        await page.WaitForURLAsync(Comparison());
        await Assertions.Expect(page.Locator("thead th")).ToHaveCountAsync(2);
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task With_the_keyboard_rows_are_walked_picked_and_compared()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync("/models");
        for (var row = 0; row < 3; row++)
        {
            await page.Keyboard.PressAsync("j");
            await page.Keyboard.PressAsync("x");
            await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(row + 1);
            await Assertions.Expect(page.Locator(".row-link").Nth(row)).ToBeFocusedAsync();
        }
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("c");
        await page.WaitForURLAsync(Comparison());
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Four_are_the_most_and_columns_are_chosen_without_losing_them()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, scripts: false);
        var page = visit.Page;
        await visit.GoAsync("/models?m=a/one,b/two,c/three,d/four");
        await Assertions.Expect(page.Locator("button.pick:not(:disabled)")).ToHaveCountAsync(0);

        await page.Locator("summary", new() { HasTextString = "Columns" }).ClickAsync();
        await page.GetByLabel("Context", new() { Exact = true }).Nth(1).CheckAsync();
        await page.GetByLabel("Likes", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Evidence", new() { Exact = true }).UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show these" }).ClickAsync();
        await Assertions.Expect(page.Locator("thead th", new() { HasTextString = "Context" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("thead th", new() { HasTextString = "W L C D" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear the comparison" }).ClickAsync();
        await Assertions.Expect(page.Locator(".tray")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("thead th", new() { HasTextString = "Context" })).ToBeVisibleAsync();
    }

    [GeneratedRegex("/compare/models", RegexOptions.None, 1000)]
    private static partial Regex Comparison();

    [GeneratedRegex("m=openai-community/gpt2,TheBloke/Meta-Llama-3-8B-GGUF", RegexOptions.None, 1000)]
    private static partial Regex Names();
}
