using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>Models side by side: two of them on a phone, and from column to column by the arrow keys.</summary>
public sealed partial class ComparisonBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    private const string Three = $"/compare/models?m={SampleCatalog.Bloom},{SampleCatalog.Service},openai-community/gpt2";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_phone_shows_two_columns_that_can_be_chosen_and_swapped(bool scripts)
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, Look.Phone, scripts);
        var page = visit.Page;
        await visit.GoAsync(Three);
        Assert.Equal(["Open source", "Closed"], await ClassesAsync(page));

        await page.GetByLabel("Right column").SelectOptionAsync("openai-community/gpt2");
        await page.GetByLabel("Left column").SelectOptionAsync(SampleCatalog.Service);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show these two" }).ClickAsync();
        await ArriveAsync(page, "right=openai-community", left: SampleCatalog.Service);
        Assert.Equal(["Closed", "Open source"], await ClassesAsync(page));
        await page.GetByRole(AriaRole.Link, new() { Name = "Swap the columns" }).ClickAsync();
        await ArriveAsync(page, "left=openai-community", left: "openai-community/gpt2");
        Assert.Equal(["Open source", "Closed"], await ClassesAsync(page));
        if (scripts) Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
    }

    [Fact]
    public async Task The_arrow_keys_go_from_column_to_column()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync(Three);
        Assert.False(await page.GetByLabel("Left column").IsVisibleAsync());
        await page.Locator(".compare-table thead th a").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight"); // there is no other
        Assert.Equal("/models/openai-community/gpt2", await FocusedAsync(page));
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal($"/models/{SampleCatalog.Service}", await FocusedAsync(page));
    }

    [Theory]
    [InlineData(Three)]
    [InlineData("/compare/licenses?l=apache-2.0,gemma,llama3")]
    public async Task The_heads_of_the_columns_stay_in_sight_and_on_paper_there_is_the_table_alone(string path)
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync(path);
        var head = page.Locator("table thead th").Nth(1);
        await page.EvaluateAsync("() => scrollTo(0, 600)");
        Assert.True(await page.EvaluateAsync<bool>("() => scrollY > 300"));
        Assert.InRange((await head.BoundingBoxAsync())?.Y ?? -1, 0, 120);
        Assert.True(await page.GetByRole(AriaRole.Banner).IsVisibleAsync());
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await page.GetByRole(AriaRole.Banner).IsVisibleAsync());
        Assert.False(await page.GetByRole(AriaRole.Contentinfo).IsVisibleAsync());
        Assert.True(await head.IsVisibleAsync());
    }

    private static async Task ArriveAsync(IPage page, string part, string left)
    {
        await page.WaitForURLAsync(address => address.Contains(part, StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(page.GetByLabel("Left column")).ToHaveValueAsync(left);
    }

    private static Task<string?> FocusedAsync(IPage page) => page.EvaluateAsync<string?>("() => document.activeElement.getAttribute('href')");

    /// <summary>The cells of the row that can be seen, from left to right.</summary>
    private static async Task<string[]> ClassesAsync(IPage page)
    {
        List<(float X, string Text)> seen = [];
        var row = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.Locator("th[scope=row]", new() { HasTextRegex = Class() }) });
        foreach (var cell in await row.Locator("td").AllAsync())
            if (await cell.BoundingBoxAsync() is { Width: > 100 } box) seen.Add((box.X, (await cell.InnerTextAsync()).Split('\n')[0].Trim()));
        return [.. seen.OrderBy(cell => cell.X).Select(cell => cell.Text)];
    }

    [GeneratedRegex("^Class", RegexOptions.None, 1_000)]
    private static partial Regex Class();
}
