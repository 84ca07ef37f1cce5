using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>Every state of a run as a visitor sees and hears it, told by a hand-made stream so that each can be looked at; and the models that are not here.</summary>
public sealed class PlaygroundStateTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const string Stream = """
        window.EventSource = class { constructor() { this.readyState = 1; window.tell = (event) => this.onmessage({ data: JSON.stringify(event) }); window.cut = () => this.onerror(); } close() { this.readyState = 2; } };
        """;

    [Theory]
    [InlineData(Look.Desktop)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task Each_state_of_a_run_is_said_in_words(Look look)
    {
        await using var visit = await OpenAsync("/playground?mode=complete&prompt=Once+upon+a+time", look, staged: true);
        var page = visit.Page;
        await SaveAsync(visit, "state-empty", look);
        await page.Locator("textarea").PressAsync("Control+Enter");
        await page.WaitForFunctionAsync("() => window.tell");
        await StateAsync("queued", """{"is":"queued","before":2,"seconds":12}""", "Queued: 2 before you, about 12 s.");
        await StateAsync("next", """{"is":"queued","before":0,"seconds":null}""", "Queued: you are next.");
        await StateAsync("making-way", """{"is":"makes-way"}""", "Waiting until the other pane has ended: both models together do not fit into memory.");
        await StateAsync("building", """{"is":"loading","built":false,"done":34000000,"bytes":98000000,"seconds":3}""", "Writing the model's graph, which is done once: 34.0 MB of 98.0 MB, about 3 s left");
        await StateAsync("loading-begins", """{"is":"loading","built":true,"done":0,"bytes":3499407,"seconds":null}""", "Loading the model (3.5 MB)…");
        await StateAsync("loading", """{"is":"loading","built":true,"done":1200000000,"bytes":2100000000,"seconds":9}""", "Loading the model: 1.20 GB of 2.10 GB, about 9 s left");
        Assert.Equal(1.2 / 2.1, await page.Locator(".play-progress").EvaluateAsync<double>("bar => bar.position"), 3);
        await StateAsync("reading", """{"is":"prompt","text":"<s>Once upon a time","tokens":5,"device":"cpu","context":512,"weights":"int4 (model.onnx)"}""", "Reading the prompt (5 tokens)…");
        Assert.Equal(-1, await page.Locator(".play-progress").EvaluateAsync<double>("bar => bar.position")); // nobody knows how long
        await StateAsync("generating", """{"is":"piece","index":0,"text":", there was a **little** girl named `Lily`.\n\n- She loved to play\n- outside in the park","tokens":21}""", "Generating: 21 tokens");
        await page.EvaluateAsync("() => window.cut()");
        await Assertions.Expect(page.Locator("[data-phase]")).ToHaveTextAsync("The connection was cut: listening again…");
        await page.EvaluateAsync("""() => { window.tell({ is: "done", index: 0, finish: "cancelled", prompt_tokens: 5, new_tokens: 21, seed: 7, prefill_ms: 4, decode_ms: 80, first_ms: 12 }); window.tell({ is: "end" }); }""");
        await Assertions.Expect(page.Locator("[data-phase]")).ToHaveTextAsync("Stopped.");
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("26 of 512");
        await Assertions.Expect(page.Locator("[data-figures]")).ToContainTextAsync("int4 (model.onnx)");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished, 15 words");
        await SaveAsync(visit, "state-stopped", look);
        Assert.Empty((await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}"));

        await page.EvaluateAsync("() => { delete window.tell; }");
        await page.Locator("textarea").PressAsync("Control+Enter");
        await page.WaitForFunctionAsync("() => window.tell");
        await StateAsync("error", """{"is":"failed","message":"The model's process was ended by signal 9."}""", "The model's process was ended by signal 9.");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("failed: The model's process was ended by signal 9.");
        await Assertions.Expect(page.Locator("textarea")).ToHaveValueAsync("Once upon a time"); // kept
        Assert.Empty(await visit.TroublesAsync());

        async Task StateAsync(string name, string happened, string said)
        {
            await page.EvaluateAsync("(json) => window.tell(JSON.parse(json))", happened);
            await Assertions.Expect(page.Locator("[data-phase]")).ToContainTextAsync(said);
            await SaveAsync(visit, $"state-{name}", look);
        }
    }

    [Theory]
    [InlineData(Look.Desktop)]
    [InlineData(Look.Phone)]
    public async Task What_else_there_is_comes_with_size_and_licence_or_with_why_it_cannot_run(Look look)
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        var database = await shelf.DatabaseAsync();
        await CatalogSeed.WriteAsync(database,
        [
            new("acme/small") { Parameters = 135_000_000, Downloads = 900, License = "apache-2.0" },
            new("acme/stories") { Parameters = 260_000, Downloads = 800 },
            new("acme/giant") { Parameters = 405_000_000_000, Downloads = 700, License = "llama3", LicenseClass = "restricted" },
            new("acme/asks-first") { Parameters = 1_000_000_000, Downloads = 600, Gating = Gating.Manual },
            new("acme/secret") { Class = Openness.Closed, Downloads = 500, License = null },
            new("acme/sees") { Task = "image-classification", Downloads = 400 },
        ], []);
        await using var site = await RunningSite.StartAsync(database, [$"--Atlas:Data={shelf.Folder}"]);
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address, look);
        var page = visit.Page;
        await visit.GoAsync("/playground?model=acme/giant");
        await Assertions.Expect(page.Locator("[data-wanted]")).ToContainTextAsync("acme/giant cannot run here, because its weights of about 405 GB are more than the");
        await page.Locator(".play-more summary").ClickAsync();
        var lists = page.Locator(".offers");
        await Assertions.Expect(lists.Nth(0).Locator("li")).ToHaveCountAsync(1);
        await Assertions.Expect(lists.Nth(0)).ToContainTextAsync("about 135 MB, fits");
        await Assertions.Expect(lists.Nth(0)).ToContainTextAsync("Apache-2.0");
        await Assertions.Expect(lists.Nth(1)).ToContainTextAsync("because its publisher wants to be asked first");
        await Assertions.Expect(lists.Nth(1)).ToContainTextAsync("because its weights are not published");
        await Assertions.Expect(page.Locator(".play-more")).Not.ToContainTextAsync("acme/stories"); // it is here
        await Assertions.Expect(page.Locator("[name=model] option").First).ToContainTextAsync("modelatlas/built-in"); // ready first
        await SaveAsync(visit, "state-offers", look);
        Assert.Empty((await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {violation.Help}"));
        Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");

        await visit.GoAsync("/playground?model=acme/small");
        await page.GetByRole(AriaRole.Link, new() { Name = "Fetch it" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Fetch a model");
        await SaveAsync(visit, "state-fetch", look);
        await visit.GoAsync("/playground?model=acme/sees");
        await Assertions.Expect(page.Locator("[data-wanted]")).ToContainTextAsync("it does not make text, but image-classification");
        await visit.GoAsync("/playground?model=nobody/knows");
        await Assertions.Expect(page.Locator("[data-wanted]")).ToContainTextAsync("nobody/knows is not on this machine");
    }

    [Fact]
    public async Task What_a_model_writes_stays_text()
    {
        await using var visit = await OpenAsync("/playground?mode=complete&prompt=x", Look.Desktop, staged: true);
        var page = visit.Page;
        await page.Locator("textarea").PressAsync("Control+Enter");
        await page.WaitForFunctionAsync("() => window.tell");
        var hostile = """<img src=x onerror=alert(1)><script>alert(2)</script> [a](javascript:alert(3)) ![b](http://evil.example/c.png) **<b>**""";
        await page.EvaluateAsync("(text) => window.tell({ is: 'piece', index: 0, tokens: 3, text })", hostile);
        await Assertions.Expect(page.Locator("[data-out]")).ToContainTextAsync("onerror=alert(1)");
        Assert.Equal(0, await page.Locator("[data-out] :is(img, script, a, b)").CountAsync());
        Assert.Empty(await visit.TroublesAsync());
    }

    private async Task<Visit> OpenAsync(string path, Look look, bool staged)
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        var visit = await Visit.StartAsync(await browsers.OpenAsync(), shelf.Site.Address, look);
        if (staged)
        {
            await visit.Page.AddInitScriptAsync(Stream);
            await visit.Page.RouteAsync("**/playground/runs", route => route.FulfillAsync(new() { ContentType = "application/json", Body = JsonSerializer.Serialize(new { id = "staged" }) }));
        }
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
