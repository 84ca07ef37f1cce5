using Microsoft.Playwright;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>What a visitor does, with and without script.</summary>
public sealed class VisitorBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task The_first_visit_of_the_list_costs_at_most_150_kB_and_the_next_page_at_most_20()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var bytes = 0L;
        var network = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        network.Event("Network.loadingFinished").OnEvent += (_, data) => Interlocked.Add(ref bytes, (long)data!.Value.GetProperty("encodedDataLength").GetDouble());
        await network.SendAsync("Network.enable");

        await visit.Page.GotoAsync("/models", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var first = Interlocked.Exchange(ref bytes, 0);
        await visit.Page.GotoAsync("/models?page=2", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var second = Interlocked.Read(ref bytes);

        TestContext.Current.SendDiagnosticMessage($"first visit {first} bytes, next page {second}");
        Assert.InRange(first, 10_000, 150_000);
        Assert.InRange(second, 1_000, 20_000);
    }

    [Fact]
    public async Task Without_script_the_list_can_be_filtered_sorted_and_paged()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, scripts: false);
        var page = visit.Page;
        await visit.GoAsync("/models");

        await page.Locator(".facet[aria-labelledby=facet-class]").GetByRole(AriaRole.Link, new() { Name = "Open weights" }).ClickAsync();
        Assert.EndsWith("/models?class=open-weights", page.Url, StringComparison.Ordinal);
        await page.Locator(".rail-form input[name=org]").FillAsync("filler-lab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        Assert.Contains("54 models", await page.Locator(".catalog-count").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "show what was made from them too" }).ClickAsync();
        Assert.Contains("60 models", await page.Locator(".catalog-count").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("class=open-weights", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        Assert.Contains("page=2", page.Url, StringComparison.Ordinal);
        Assert.Equal(10, await page.Locator(".catalog-table tbody tr").CountAsync());
        await page.Locator("thead").GetByRole(AriaRole.Link, new() { Name = "Model" }).ClickAsync();
        Assert.Equal("ascending", await page.Locator("th[aria-sort]").GetAttributeAsync("aria-sort"));
        Assert.Contains("model-01", await page.Locator(".catalog-table tbody tr").First.InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear all" }).ClickAsync();
        Assert.DoesNotContain("class=", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_script_dark_is_chosen_by_a_button_and_stays_from_the_first_byte_on()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, scripts: false);
        await visit.GoAsync("/models?class=closed");
        var light = await BackgroundAsync(visit);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" }).ClickAsync();

        Assert.EndsWith("/models?class=closed", visit.Page.Url, StringComparison.Ordinal);
        Assert.NotEqual(light, await BackgroundAsync(visit));
        var again = await visit.GoAsync("/types");
        Assert.Contains("data-theme=\"dark\"", await again!.TextAsync(), StringComparison.Ordinal);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Colours of the system" }).ClickAsync();
        Assert.Equal(light, await BackgroundAsync(visit));
    }

    [Fact]
    public async Task On_a_phone_the_filters_open_as_a_sheet_and_close_again_without_script()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, Look.Phone, scripts: false);
        await visit.GoAsync("/models");
        var rail = visit.Page.Locator("#filters");
        Assert.False(await rail.IsVisibleAsync());

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Filters" }).ClickAsync();
        Assert.True(await rail.IsVisibleAsync());
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder) await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "filters-phone.png") });
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
        Assert.False(await rail.IsVisibleAsync());
    }

    [Fact]
    public async Task The_keyboard_reaches_the_content_first_then_the_search_and_the_rows()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        await visit.GoAsync("/models");
        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await visit.Page.EvaluateAsync<string>("() => document.activeElement.innerText"));
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("j");
        Assert.Contains("gpt2", await visit.Page.EvaluateAsync<string>("() => document.activeElement.innerText"), StringComparison.Ordinal);
        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.TypeAsync("bloom");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/models?q=bloom");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task DAT_11_A_name_that_turns_or_imitates_letters_is_shown_with_escapes_and_can_be_opened_and_found()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        await visit.GoAsync("/models?org=evil");
        var link = visit.Page.Locator(".catalog-table tbody th a");
        Assert.Equal(@"evil/na\u202Eme-\u043Eo<b>%_\", await link.InnerTextAsync());
        await link.ClickAsync();
        Assert.Equal(@"evil/na\u202Eme-\u043Eo<b>%_\", await visit.Page.Locator("h1").InnerTextAsync());
        Assert.Equal(0, await visit.Page.Locator("main b, main img:not([alt=''])").CountAsync());
        await visit.GoAsync("/models?q=" + Uri.EscapeDataString("%_\\"));
        Assert.Equal(1, await visit.Page.Locator(".catalog-table tbody tr").CountAsync());
        Assert.Empty(await visit.TroublesAsync());
    }

    private static Task<string> BackgroundAsync(Visit visit) => visit.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
