using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Playground;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>PLAY-04: whoever leaves gives the place back within a second, however they leave.</summary>
public sealed class FreedPlaceTests(ShelfFixture shelf, BrowserFixture browsers) : IClassFixture<ShelfFixture>
{
    private const int Tries = 3; // a machine that is busy with something else may take longer, but not each time
    private const string Endless = $"/playground?model={EndlessModel.Id}&mode=complete&prompt=Once&num_return_sequences=4&max_new_tokens=25000";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("close")]
    [InlineData("leave")]
    [InlineData("reload")]
    public Task PLAY_04_A_tab_that_is_closed_or_goes_elsewhere(string how) => FreesAsync(async (site, browser) =>
    {
        var visit = await Visit.StartAsync(browser, site.Address);
        await visit.GoAsync(Endless);
        await Assertions.Expect(visit.Page.Locator("[data-playground][data-ready]")).ToBeVisibleAsync();
        await visit.Page.Locator("textarea").PressAsync("Control+Enter");
        Assert.NotNull(await TextsAsync(site, texts => texts > 0, TimeSpan.FromSeconds(30)));
        return async () =>
        {
            if (how == "close") await visit.Page.CloseAsync(new() { RunBeforeUnload = true });
            else if (how == "leave") await visit.GoAsync("/types");
            else await visit.Page.ReloadAsync();
        };
    });

    [Fact]
    public Task PLAY_04_A_comparison_in_a_tab_that_is_closed() => FreesAsync(async (site, browser) =>
    {
        var visit = await Visit.StartAsync(browser, site.Address);
        await visit.GoAsync(Endless);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Compare two" }).ClickAsync();
        await visit.Page.Locator("[data-pane]").Nth(1).Locator("[name=model]").SelectOptionAsync(EndlessModel.Id);
        await visit.Page.Locator("textarea").PressAsync("Control+Enter");
        Assert.NotNull(await TextsAsync(site, texts => texts > 4, TimeSpan.FromSeconds(30))); // both panes, at once
        return () => visit.Page.CloseAsync(new() { RunBeforeUnload = true });
    });

    [Fact]
    public async Task Each_side_of_a_comparison_is_stopped_alone_and_Escape_stops_both()
    {
        await using var site = await StartAsync();
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address);
        await visit.GoAsync(Endless);
        var (page, panes, phases) = (visit.Page, visit.Page.Locator("[data-pane]"), visit.Page.Locator("[data-phase]"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare two" }).ClickAsync();
        await panes.Nth(1).Locator("[name=model]").SelectOptionAsync(EndlessModel.Id);
        await page.Locator("textarea").PressAsync("Control+Enter");
        foreach (var side in new[] { 0, 1 }) await Assertions.Expect(phases.Nth(side)).ToContainTextAsync("Generating", new() { Timeout = 30_000 });

        await panes.Nth(0).Locator("[data-do=stop-pane]").ClickAsync();
        await Assertions.Expect(phases.Nth(0)).ToHaveTextAsync("Stopped.");
        Assert.NotEqual("", await panes.Nth(0).Locator("[data-out]").InnerTextAsync()); // what came stays
        await Assertions.Expect(phases.Nth(1)).ToContainTextAsync("Generating");
        Assert.NotNull(await TextsAsync(site, texts => texts == 4, TimeSpan.FromSeconds(5)));

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(phases.Nth(1)).ToHaveTextAsync("Stopped.");
        Assert.NotNull(await TextsAsync(site, texts => texts == 0, TimeSpan.FromSeconds(5)));
        Assert.Empty(await visit.TroublesAsync());
    }

    [Fact]
    public Task PLAY_04_A_stream_of_the_protocol_that_is_cut() => FreesAsync(async (site, _) =>
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(site.Address, "/v1/completions"))
        {
            Content = new StringContent($$"""{"model":"{{EndlessModel.Id}}","prompt":"Once","max_tokens":25000,"n":4,"stream":true,"temperature":1}""", new MediaTypeHeaderValue("application/json")),
        };
        // Disposed of, an answer that is not read to its end is first read on for two seconds, unless the client is told not to.
        var client = new HttpMessageInvoker(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false });
        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var line = await new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)).ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("data: ", line, StringComparison.Ordinal);
        return () =>
        {
            answer.Dispose();
            request.Dispose();
            client.Dispose();
            return Task.CompletedTask;
        };
    });

    private async Task<RunningSite> StartAsync()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        await shelf.AddAsync(EndlessModel.Id, await EndlessModel.FilesAsync(source, TestContext.Current.CancellationToken));
        return await shelf.StartAsync("--Atlas:Playground:AtOnce=1", "--Atlas:Playground:MostNewTokens=100000");
    }

    /// <summary>Texts of the model's process, which count until it has said that they have ended; then the place in the queue.</summary>
    private async Task FreesAsync(Func<RunningSite, IBrowser, Task<Func<Task>>> begin)
    {
        await using var site = await StartAsync();
        List<TimeSpan> took = [];
        for (var attempt = 0; attempt < Tries && !took.Exists(time => time <= Limit); attempt++)
        {
            var leave = await begin(site, await browsers.OpenAsync());
            Assert.NotNull(await TextsAsync(site, texts => texts > 0, TimeSpan.Zero));
            var since = TimeProvider.System.GetTimestamp();
            await leave();
            Assert.NotNull(await TextsAsync(site, texts => texts == 0, TimeSpan.FromSeconds(10)));
            using (await site.Services.GetRequiredService<TextQueue>().EnterAsync("the next", null, TestContext.Current.CancellationToken)) took.Add(TimeProvider.System.GetElapsedTime(since));
        }
        var told = $"A place became free after {string.Join(", ", took.Select(time => $"{time.TotalMilliseconds:0} ms"))}.";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(took.Exists(time => time <= Limit), told);
    }

    /// <returns>How many there are; null when it did not come to that.</returns>
    private static async Task<int?> TextsAsync(RunningSite site, Func<int, bool> enough, TimeSpan patience)
    {
        var hosts = site.Services.GetRequiredService<HostedModels>();
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (hosts.All.Sum(model => model.Value.Texts) is var texts && enough(texts)) return texts;
            if (TimeProvider.System.GetElapsedTime(since) > patience) return null;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
