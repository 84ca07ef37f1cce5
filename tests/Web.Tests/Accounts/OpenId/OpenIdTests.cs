using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.OpenId;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Accounts.OpenId;

public sealed class OpenIdTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _secret = Path.GetTempFileName();
    private FakeProvider? _provider;

    private FakeProvider Provider => _provider ?? throw new InvalidOperationException();

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_secret, FakeProvider.Secret + "\n", TestContext.Current.CancellationToken);
        _provider = await FakeProvider.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null) await _provider.DisposeAsync();
        File.Delete(_secret);
    }

    [Fact]
    public async Task Somebody_whom_the_provider_knows_comes_in_and_goes_where_they_wanted()
    {
        await using var site = await StartAsync();
        var ada = site.Visit();
        var page = await ada.GetAsync("/sign-in?returnUrl=%2Faccount");
        Assert.Contains("Sign in with the house", Plain.Text(page.Body), StringComparison.Ordinal);
        var entered = await EnterAsync(ada, "/account");
        Assert.Equal("/account", entered.Location);
        var account = Plain.Text((await ada.GetAsync("/account")).Body);
        Assert.Contains("ada", account, StringComparison.Ordinal);
        Assert.Contains("player", account, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.GetAsync("/admin")).Status);
        Assert.Equal(0, Provider.TokensRefused);

        // The same person again is the same account, whatever they call themselves now.
        Provider.Person["preferred_username"] = "countess";
        var again = site.Visit();
        await EnterAsync(again, "/account");
        Assert.Contains("ada", Plain.Text((await again.GetAsync("/account")).Body), StringComparison.Ordinal);
        Assert.DoesNotContain("countess", (await again.GetAsync("/account")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_somebody_has_here_is_not_taken_over()
    {
        await using var site = await StartAsync();
        Provider.Person = new() { ["sub"] = "666", ["preferred_username"] = "root" };
        var other = site.Visit();
        await EnterAsync(other, "/account");
        Assert.Contains("root-2", (await other.GetAsync("/account")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/admin")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Visit().TrySignInAsync("root-2", "")).Status);
    }

    [Fact]
    public async Task The_role_follows_the_claim_at_every_sign_in()
    {
        await using var site = await StartAsync("--Atlas:OpenId:AdminRole=atlas-admins", "--Atlas:OpenId:PlayerRole=staff");
        Provider.Person = new() { ["sub"] = "2", ["preferred_username"] = "grace", ["roles"] = new JsonArray("staff", "atlas-admins") };
        var grace = site.Visit();
        await EnterAsync(grace, "/");
        Assert.Equal(HttpStatusCode.OK, (await grace.GetAsync("/admin")).Status);

        Provider.Person["roles"] = new JsonArray("staff");
        await EnterAsync(site.Visit(), "/");
        Assert.True((await grace.GetAsync("/admin")).AsksToSignIn); // the older session ended with the role

        Provider.Person["roles"] = new JsonArray("visitors");
        var refused = await EnterAsync(grace, "/");
        Assert.Equal("/sign-in?refused=role", refused.Location);
        Assert.Contains("not as somebody who may use this site", Plain.Text((await grace.GetAsync("/sign-in?refused=role")).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_account_stays_out()
    {
        await using var site = await StartAsync();
        await EnterAsync(site.Visit(), "/");
        var accounts = site.Site.Services.GetRequiredService<AccountReader>();
        var ada = await accounts.FindAsync("ada", TestContext.Current.CancellationToken);
        Assert.Null(await site.Site.Services.GetRequiredService<AccountWriter>().SetDisabledAsync(ada!.Id, disabled: true, TestContext.Current.CancellationToken));
        Assert.Equal("/sign-in?refused=disabled", (await EnterAsync(site.Visit(), "/")).Location);
    }

    [Theory]
    [InlineData("iss", "https://elsewhere.example.org")]
    [InlineData("aud", "another-client")]
    [InlineData("nonce", "of somebody else")]
    [InlineData("exp", 1_600_000_000)]
    public async Task A_token_that_is_not_for_this_visit_opens_nothing(string claim, object lie)
    {
        await using var site = await StartAsync();
        Provider.Lies[claim] = JsonValue.Create(lie)!;
        var visitor = site.Visit();
        Assert.Equal("/sign-in?refused=provider", (await EnterAsync(visitor, "/")).Location);
        Assert.True((await visitor.GetAsync("/account")).AsksToSignIn);
    }

    [Fact]
    public async Task An_answer_that_another_browser_asked_for_opens_nothing()
    {
        await using var site = await StartAsync();
        var callback = await AskAsync(site.Visit(), "/");
        var stranger = site.Visit();
        Assert.Equal("/sign-in?refused=provider", (await stranger.GetAsync(callback)).Location);
        Assert.Equal("/sign-in?refused=provider", (await stranger.GetAsync("/signin-openid?code=x&state=y")).Location);
        Assert.Equal("/sign-in?refused=provider", (await stranger.GetAsync("/signin-openid?error=access_denied")).Location);
    }

    [Fact]
    public async Task Where_it_leads_back_to_is_this_site_and_nowhere_else()
    {
        await using var site = await StartAsync();
        Assert.Equal("/", (await EnterAsync(site.Visit(), "https://evil.example.org/")).Location);
        Assert.Equal("/", (await EnterAsync(site.Visit(), "//evil.example.org")).Location);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_button_and_no_entrance_and_one_that_is_away_is_said_so()
    {
        await using var plain = await AccountSite.StartAsync(postgres);
        Assert.DoesNotContain(OpenIdServices.Entrance, (await plain.Visit().GetAsync("/sign-in")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await plain.Visit().GetAsync(OpenIdServices.Entrance)).Status);

        await using var site = await AccountSite.StartAsync(postgres, "--Atlas:OpenId:Authority=http://127.0.0.1:9", $"--Atlas:OpenId:ClientId={FakeProvider.ClientId}", $"--Atlas:OpenId:ClientSecretFile={_secret}");
        Assert.Equal("/sign-in?refused=provider", (await site.Visit().GetAsync(OpenIdServices.Entrance)).Location);
    }

    [Theory]
    [InlineData("http://login.example.org", "modelatlas", true, "Atlas__OpenId__Authority is 'http://login.example.org'")]
    [InlineData("https://me@login.example.org", "modelatlas", true, "without user name")]
    [InlineData("https://login.example.org", "", true, "Atlas__OpenId__ClientId is missing")]
    [InlineData("https://login.example.org", "modelatlas", false, "Atlas__OpenId__ClientSecretFile names")]
    [InlineData("", "modelatlas", true, "Atlas__OpenId__Authority is missing")]
    [InlineData("https://login.example.org", "modelatlas", true, null)]
    [InlineData("http://127.0.0.1:8080", "modelatlas", true, null)]
    public void Settings_that_cannot_work_are_refused_with_the_remedy(string authority, string client, bool hasSecret, string? complaint)
    {
        var answer = new OpenIdOptionsValidator().Validate(null, new() { Authority = authority, ClientId = client, ClientSecretFile = hasSecret ? _secret : "/no/such/file" });
        Assert.Equal(complaint is null, answer.Succeeded);
        if (complaint is not null) Assert.Contains(complaint, answer.FailureMessage, StringComparison.Ordinal);
    }

    /// <summary>Through the provider and back; the answer of the site.</summary>
    private async Task<Answer> EnterAsync(Visitor visitor, string returnUrl) => await visitor.GetAsync(await AskAsync(visitor, returnUrl));

    /// <summary>The address to which the provider sends the browser back.</summary>
    private static async Task<string> AskAsync(Visitor visitor, string returnUrl)
    {
        var sent = await visitor.GetAsync($"{OpenIdServices.Entrance}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false }, disposeHandler: true);
        using var answer = await browser.GetAsync(sent.Location, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.PathAndQuery;
    }

    private Task<AccountSite> StartAsync(params string[] settings) => AccountSite.StartAsync(postgres,
        [$"--Atlas:OpenId:Authority={Provider.Address}", $"--Atlas:OpenId:ClientId={FakeProvider.ClientId}", $"--Atlas:OpenId:ClientSecretFile={_secret}", "--Atlas:OpenId:Name=the house", .. settings]);
}
