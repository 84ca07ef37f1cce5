using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Accounts.OpenId;

/// <summary>The sign-in page of a site that has a provider. With ATLAS_SCREENSHOTS set to a folder, pictures go there.</summary>
public sealed class OpenIdBrowserTests(PostgresFixture postgres, BrowserFixture browsers) : IAsyncLifetime
{
    private readonly string _secret = Path.GetTempFileName();
    private FakeProvider? _provider;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_secret, FakeProvider.Secret, TestContext.Current.CancellationToken);
        _provider = await FakeProvider.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null) await _provider.DisposeAsync();
        File.Delete(_secret);
    }

    [Theory]
    [InlineData(Look.Desktop)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task The_providers_button_is_as_easy_to_reach_as_the_password(Look look)
    {
        await using var site = await RunningSite.StartAsync(await postgres.CreateDatabaseAsync(),
            $"--Atlas:OpenId:Authority={_provider?.Address}", $"--Atlas:OpenId:ClientId={FakeProvider.ClientId}", $"--Atlas:OpenId:ClientSecretFile={_secret}", "--Atlas:OpenId:Name=the house");
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address, look);
        await visit.GoAsync("/sign-in?returnUrl=%2Faccount");
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"sign-in-provider-{look}.png".ToLowerInvariant()), FullPage = true });
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the house" })).ToBeVisibleAsync();
        Assert.Empty((await visit.Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Help} at {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
        Assert.Empty(await visit.TroublesAsync());
    }
}
