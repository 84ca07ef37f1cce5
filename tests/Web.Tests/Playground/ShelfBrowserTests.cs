using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>From a model that is not here to its first text: the whole product in a process of its own, a hub that really serves files.</summary>
public sealed class ShelfBrowserTests(PostgresFixture postgres, BrowserFixture browsers)
{
    private const string Id = "acme/tales";

    [Fact]
    public async Task A_model_is_fetched_by_a_job_with_its_progress_shown_and_then_tells_its_tale()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        await using var hub = await FakeHub.StartAsync();
        hub.Models.Add(new JsonObject { ["id"] = Id, ["tags"] = new JsonArray("onnx", "license:mit") });
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            if (Path.GetFileName(file) != "expected-generation.json") hub.Models.File(Id, Path.GetRelativePath(source, file), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), large: file.EndsWith(".onnx", StringComparison.Ordinal));

        await using var folder = await TestFolder.CreateAsync("first-model");
        await using var atlas = AtlasProcess.Start(["up", "--port", "0"], new Dictionary<string, string>
        {
            ["Atlas__Data"] = folder.Path,
            ["Atlas__Hub__Endpoint"] = hub.Endpoint.ToString(),
            ["Atlas__ModelsDev__Endpoint"] = hub.Endpoint.ToString(),
            ["ConnectionStrings__Atlas"] = await postgres.CreateDatabaseAsync(),
        });
        await atlas.ReadyAsync();
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), atlas.Address);
        var page = visit.Page;
        await visit.GoAsync($"/playground/fetch?model={Uri.EscapeDataString(Id)}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fetch it" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Try it in the playground" }).ClickAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("[data-playground][data-ready]")).ToBeVisibleAsync();
        Assert.Equal(Id, await page.Locator("[name=model]").InputValueAsync());
        await page.GetByLabel("Complete").CheckAsync();
        await page.Locator("textarea").FillAsync("Once upon a time");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("finished", new() { Timeout = 60_000 });
        Assert.True((await page.Locator("[data-out]").InnerTextAsync()).Length > 40);
    }
}
