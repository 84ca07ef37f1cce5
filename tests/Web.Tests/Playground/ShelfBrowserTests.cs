using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>From a model that is not here to its first text: the whole product in a process of its own, a hub that really serves files.</summary>
public sealed partial class ShelfBrowserTests(PostgresFixture postgres, BrowserFixture browsers)
{
    private const string Id = "acme/tales";

    [Fact]
    public async Task A_model_is_fetched_by_a_job_with_its_progress_shown_and_then_tells_its_tale()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        await using var hub = await HubAsync(source);
        await using var folder = await TestFolder.CreateAsync("first-model");
        await using var atlas = AtlasProcess.Start(["up", "--port", "0"], Settings(folder, hub, await postgres.CreateDatabaseAsync()));
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

    [Fact]
    public async Task A_fetch_that_was_killed_in_the_middle_goes_on_behind_the_last_byte_after_the_restart()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        await using var hub = await HubAsync(source);
        await using var folder = await TestFolder.CreateAsync("killed-fetch");
        var settings = Settings(folder, hub, await postgres.CreateDatabaseAsync());
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Fail(async (context, answer) =>
        {
            FakeHub.WriteHead(context, answer);
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            halfway.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }, when: IsGraph);
        var browser = await browsers.OpenAsync();
        await using (var atlas = AtlasProcess.Start(["up", "--port", "0"], settings))
        {
            await atlas.ReadyAsync();
            await using var visit = await Visit.StartAsync(browser, atlas.Address);
            await visit.GoAsync($"/playground/fetch?model={Uri.EscapeDataString(Id)}");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Fetch it" }).ClickAsync();
            await halfway.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await Assertions.Expect(visit.Page.Locator("[data-line]")).ToContainTextAsync(" of ", new() { Timeout = 20_000 });
            await Assertions.Expect(visit.Page.Locator("[data-line]")).ToHaveTextAsync(Progress(), new() { Timeout = 20_000 });
            await SaveAsync(visit, "state-fetching");
            await Task.Delay(1_000, TestContext.Current.CancellationToken); // what came is on the disk
            atlas.Kill();
        }
        await using var again = AtlasProcess.Start(["up", "--port", "0"], settings);
        await again.ReadyAsync();
        await using var back = await Visit.StartAsync(browser, again.Address);
        await back.GoAsync($"/playground/fetch?model={Uri.EscapeDataString(Id)}");
        await Assertions.Expect(back.Page.GetByRole(AriaRole.Link, new() { Name = "Try it in the playground" })).ToBeVisibleAsync(new() { Timeout = 60_000 }); // with no click
        await SaveAsync(back, "state-fetched");
        var asked = hub.Log.Where(request => request.Path.EndsWith(".onnx", StringComparison.Ordinal)).Select(request => request.Headers.GetValueOrDefault("Range")).ToList();
        Assert.Contains(asked, range => range is not null && range.StartsWith("bytes=", StringComparison.Ordinal) && range != "bytes=0-");
    }

    [Fact]
    public async Task Two_people_wait_for_one_job_it_is_cancelled_and_asked_for_again()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        await using var hub = await HubAsync(source);
        await using var folder = await TestFolder.CreateAsync("shared-fetch");
        hub.Fail(async (context, answer) =>
        {
            FakeHub.WriteHead(context, answer);
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }, when: IsGraph);
        await using var atlas = AtlasProcess.Start(["up", "--port", "0"], Settings(folder, hub, await postgres.CreateDatabaseAsync()));
        await atlas.ReadyAsync();
        var browser = await browsers.OpenAsync();
        await using var first = await Visit.StartAsync(browser, atlas.Address, Look.Phone);
        await using var second = await Visit.StartAsync(browser, atlas.Address, Look.Dark);
        var path = $"/playground/fetch?model={Uri.EscapeDataString(Id)}";
        await second.GoAsync(path);
        await first.GoAsync(path);
        foreach (var visit in new[] { first, second }) await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Fetch it" }).ClickAsync(); // the second asks for what is on its way
        foreach (var visit in new[] { first, second }) await Assertions.Expect(visit.Page.Locator("[data-line]")).ToHaveTextAsync(Progress(), new() { Timeout = 30_000 });
        Assert.Single(hub.Log, request => request.Path.EndsWith(".onnx", StringComparison.Ordinal));
        await SaveAsync(first, "state-fetching-phone");
        await SaveAsync(second, "state-fetching-dark");

        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(first.Page.Locator("main")).ToContainTextAsync("Fetching was cancelled. What has come is kept");
        await Assertions.Expect(second.Page.Locator("main")).ToContainTextAsync("Fetching was cancelled.", new() { Timeout = 10_000 }); // with no click
        await SaveAsync(first, "state-cancelled-phone");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(second.Page.GetByRole(AriaRole.Link, new() { Name = "Try it in the playground" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Contains(hub.Log, request => request.Path.EndsWith(".onnx", StringComparison.Ordinal) && request.Headers.GetValueOrDefault("Range") is { } range && range != "bytes=0-");
    }

    [GeneratedRegex(@"^[0-9.]+ [kM]B of [0-9.]+ [kM]B, [0-9.]+ [kM]?B/s, \d+ (s|min) left: \S+", RegexOptions.None, 1000)]
    private static partial Regex Progress();

    private static bool IsGraph(Microsoft.AspNetCore.Http.HttpRequest request) => request.Method == "GET" && request.Path.Value?.EndsWith(".onnx", StringComparison.Ordinal) is true;

    private static async Task<FakeHub> HubAsync(string source)
    {
        var hub = await FakeHub.StartAsync();
        hub.Models.Add(new JsonObject { ["id"] = Id, ["tags"] = new JsonArray("onnx", "license:mit") });
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            if (Path.GetFileName(file) != "expected-generation.json") hub.Models.File(Id, Path.GetRelativePath(source, file), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), large: file.EndsWith(".onnx", StringComparison.Ordinal));
        return hub;
    }

    private static Dictionary<string, string> Settings(TestFolder folder, FakeHub hub, string database) => new()
    {
        ["Atlas__Data"] = folder.Path,
        ["Atlas__Hub__Endpoint"] = hub.Endpoint.ToString(),
        ["Atlas__ModelsDev__Endpoint"] = hub.Endpoint.ToString(),
        ["Atlas__Jobs__Invisibility"] = "00:00:05",
        ["ConnectionStrings__Atlas"] = database,
    };

    private static async Task SaveAsync(Visit visit, string name)
    {
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
