using Microsoft.Playwright;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Testing;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>Each value that a run takes is on the page as a number, with whose it is; and that is what is asked for.</summary>
public sealed class PlaygroundValueTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const string Tuned = "acme/tuned";

    [Fact]
    public async Task The_model_s_own_values_come_before_the_article_s_and_what_somebody_sets_before_both()
    {
        await using var visit = await OpenAsync();
        var page = visit.Page;
        await page.Locator("[name=model]").SelectOptionAsync(Tuned);
        await page.Locator(".play-settings summary").ClickAsync();
        await ValueAsync(page, "temperature", "0.35", "model's");
        await ValueAsync(page, "top_k", "7", "model's");
        await ValueAsync(page, "repetition_penalty", "1.1", "model's");
        await ValueAsync(page, "top_p", "0.95", "article's");
        await ValueAsync(page, "max_new_tokens", "100", "article's");
        await ValueAsync(page, "num_return_sequences", "1", "article's");
        await ValueAsync(page, "min_p", "0", "no effect");
        await ValueAsync(page, "seed", "random", "random");
        await Assertions.Expect(page.Locator("[data-source=greedy]")).ToHaveTextAsync("model's"); // do_sample is true
        await Assertions.Expect(page.Locator("[name=greedy]")).Not.ToBeCheckedAsync();
        Assert.Equal("0.35", await page.Locator("[data-slide=temperature]").InputValueAsync());
        await page.Locator("[name=top_k]").FillAsync("9");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("[data-source=top_k]")).ToHaveTextAsync("set here");
        var body = await AskedAsync(page);
        foreach (var part in new[] { "\"temperature\":0.35", "\"top_k\":9", "\"top_p\":0.95", "\"repetition_penalty\":1.1", "\"max_tokens\":100" }) Assert.Contains(part, body, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Back to the usual values" }).ClickAsync();
        await ValueAsync(page, "top_k", "7", "model's");
        await page.Locator("[name=model]").SelectOptionAsync("acme/stories"); // it says nothing of sampling
        await ValueAsync(page, "temperature", "0.7", "article's");
        await ValueAsync(page, "top_k", "50", "article's");
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public async Task A_model_that_says_it_takes_the_likeliest_token_is_greedy_until_somebody_says_otherwise()
    {
        await using var visit = await OpenAsync();
        var page = visit.Page;
        await page.Locator(".play-settings summary").ClickAsync();
        await Assertions.Expect(page.Locator("[name=model]")).ToHaveValueAsync(BuiltInModel.Id);
        await Assertions.Expect(page.Locator("[name=greedy]")).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("[name=temperature]")).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator("[data-source=temperature]")).ToHaveTextAsync("not used");
        await ValueAsync(page, "max_new_tokens", "160", "model's");
        Assert.Contains("\"temperature\":0,", await AskedAsync(page), StringComparison.Ordinal);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pin seed" })).ToHaveCountAsync(0); // nothing was left to chance

        await page.Locator("[name=greedy]").UncheckAsync();
        await ValueAsync(page, "temperature", "0.7", "article's");
        await Assertions.Expect(page.Locator("[data-source=greedy]")).ToHaveTextAsync("set here");
    }

    [Fact]
    public async Task The_article_s_two_presets_are_numbers_that_can_be_seen_and_changed()
    {
        await using var visit = await OpenAsync();
        var page = visit.Page;
        await page.Locator(".play-settings summary").ClickAsync();
        await page.Locator("[name=preset]").SelectOptionAsync("mistral");
        foreach (var (name, value) in new[] { ("temperature", "0.7"), ("top_k", "50"), ("top_p", "0.95"), ("max_new_tokens", "100") })
        {
            await Assertions.Expect(page.Locator($"[name={name}]")).ToHaveValueAsync(value);
            await Assertions.Expect(page.Locator($"[data-source={name}]")).ToHaveTextAsync("article's");
        }
        await Assertions.Expect(page.Locator("[name=greedy]")).Not.ToBeCheckedAsync();
        await page.Locator("[name=preset]").SelectOptionAsync("gpt2");
        await Assertions.Expect(page.Locator("[name=greedy]")).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("[name=max_new_tokens]")).ToHaveValueAsync("50");
        await page.Locator("[name=preset]").SelectOptionAsync("model");
        await ValueAsync(page, "max_new_tokens", "160", "model's");
    }

    /// <summary>What holds although nobody has set it.</summary>
    private static async Task ValueAsync(IPage page, string name, string value, string whose)
    {
        await Assertions.Expect(page.Locator($"[name={name}]")).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator($"[name={name}]")).ToHaveAttributeAsync("placeholder", value);
        await Assertions.Expect(page.Locator($"[data-source={name}]")).ToHaveTextAsync(whose);
    }

    private static async Task<string> AskedAsync(IPage page)
    {
        var asked = await page.RunAndWaitForRequestAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync(), "**/playground/runs");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
        return asked.PostData ?? "";
    }

    private async Task<Visit> OpenAsync()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(shelf.Site is null || source is null, SharedData.SkipMessage("models/stories260K"));
        Dictionary<string, byte[]> files = new() { ["generation_config.json"] = """{"do_sample":true,"temperature":0.35,"top_k":7,"repetition_penalty":1.1}"""u8.ToArray() };
        foreach (var file in new[] { "config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx" }) files[file] = await File.ReadAllBytesAsync(Path.Combine(source, file), TestContext.Current.CancellationToken);
        await shelf.AddAsync(Tuned, files);
        var visit = await Visit.StartAsync(await browsers.OpenAsync(), shelf.Site.Address);
        await visit.GoAsync("/playground?mode=complete&prompt=Once");
        await Assertions.Expect(visit.Page.Locator("[data-playground][data-ready]")).ToBeVisibleAsync();
        return visit;
    }
}
