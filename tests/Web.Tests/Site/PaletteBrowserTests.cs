using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

public sealed class PaletteBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task With_the_keyboard_alone_a_model_a_licence_and_a_page_are_reached()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync("/types");

        await page.Keyboard.PressAsync("Control+k");
        var field = page.GetByRole(AriaRole.Combobox, new() { Name = "Go to" });
        await Assertions.Expect(field).ToBeFocusedAsync();
        var found = await page.RunAxe();
        Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}"));

        await field.FillAsync("bloom");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync(SampleCatalog.Bloom);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/models/{SampleCatalog.Bloom}");

        await page.Keyboard.PressAsync("Control+k");
        await field.FillAsync("gemma terms");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Gemma");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/licenses/gemma");

        await page.Keyboard.PressAsync("Control+k");
        await field.FillAsync("chang");
        await page.Keyboard.PressAsync("ArrowUp"); // around to the last
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(field).ToBeHiddenAsync();
        Assert.EndsWith("/licenses/gemma", page.Url, StringComparison.Ordinal);
        Assert.Empty(await visit.TroublesAsync());
    }
}
