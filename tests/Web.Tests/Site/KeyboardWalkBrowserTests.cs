using Microsoft.Playwright;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>The main tasks with nothing but a keyboard: whatever takes part can be reached, and shows that it is.</summary>
public sealed class KeyboardWalkBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    private const int MostSteps = 200;

    [Fact]
    public async Task Finding_a_model_and_what_one_may_do_with_it()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync("/");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("Meta-Llama-3-8B-GGUF");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/models?q=**");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/models/{SampleCatalog.Quantized}");
        await StepToAsync(page, "nav.model-parts a", "Licence");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/license");
        await StepToAsync(page, ".text-changes a", "show change 1 in the text");
        await page.Keyboard.PressAsync("Enter");
        Assert.EndsWith("#change-1", page.Url, StringComparison.Ordinal);
        await StepToAsync(page, ".text-body", null); // long text is scrolled by the keyboard too
        await page.Keyboard.PressAsync("PageDown");
        await page.WaitForFunctionAsync("() => document.querySelector('.text-body').scrollTop > 0");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Narrowing_a_list_picking_two_and_seeing_how_they_differ()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync("/models");
        await page.Keyboard.PressAsync("f");
        await StepToAsync(page, ".facet a", "To be looked at");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**policy=review");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await StepToAsync(page, "button.pick", null);
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator(".tray li")).ToHaveCountAsync(2);
        await StepToAsync(page, ".tray-go", null);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => address.Contains("/compare/models", StringComparison.Ordinal));
        await StepToAsync(page, ".compare-tools a", "Differences only");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**diff=1");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task Choosing_columns_comparing_licences_and_objecting()
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address);
        var page = visit.Page;
        await visit.GoAsync("/models");
        await StepToAsync(page, ".list-tools summary", "Columns");
        await page.Keyboard.PressAsync("Enter");
        await StepToAsync(page, ".list-tools input[value=likes]", null);
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("thead th", new() { HasTextString = "Likes" })).ToBeVisibleAsync();

        await visit.GoAsync("/compare/licenses?l=mit,gemma");
        await StepToAsync(page, ".compare-tools a", "Differences only");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**diff=1");

        await visit.GoAsync($"/models/{SampleCatalog.Bloom}/dispute");
        await StepToAsync(page, "select", null);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("The training data is not published in full, see the data card.");
        await StepToAsync(page, "main button[type=submit]", null);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Thank you.");
        Assert.Empty(await visit.TroublesAsync());
    }

    /// <summary>Tab after Tab until the focus is on it; fails where it cannot be seen to be.</summary>
    private static async Task StepToAsync(IPage page, string selector, string? text)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (!await page.EvaluateAsync<bool>("([selector, text]) => document.activeElement.matches(selector) && (text === null || document.activeElement.textContent.replace(/\\s+/g, ' ').includes(text))", new[] { selector, text })) continue;
            Assert.NotEqual("none", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
            return;
        }
        Assert.Fail($"{MostSteps} steps do not lead to {selector} {text}.");
    }
}
