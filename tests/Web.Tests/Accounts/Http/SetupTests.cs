using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class SetupTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WEB_18_the_first_start_has_no_account_and_the_token_makes_the_admin_once()
    {
        await using var site = await AccountSite.StartEmptyAsync(postgres);
        var token = await site.Site.Services.GetRequiredService<SetupToken>().EnsureAsync(Stop) ?? "";
        Assert.Empty(await site.Site.Services.GetRequiredService<AccountReader>().ListAsync(Stop));
        var visitor = site.Visit();

        var made = await SetUpAsync(visitor, token, "root", AccountBench.Password);
        Assert.Equal(HttpStatusCode.Redirect, made.Status);
        Assert.DoesNotContain(token[..9], made.Location, StringComparison.Ordinal);
        await visitor.SignedInAsync("root");
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/admin")).Status);

        Assert.DoesNotContain("<form method=\"post\" class=\"fields\"", (await site.Visit().GetAsync("/setup")).Body, StringComparison.Ordinal);
        Assert.Equal("root", Assert.Single(await site.Site.Services.GetRequiredService<AccountReader>().ListAsync(Stop)).Name);
    }

    [Theory]
    [InlineData("wrong token", "root", AccountBench.Password, AccountBench.Password, "not a set-up token")]
    [InlineData(null, "root", "too short", "too short", "at least 12")]
    [InlineData(null, "root", AccountBench.Password, "something else", "not the same")]
    [InlineData(null, "root", "the root of all evil", "the root of all evil", "account&#x27;s name")]
    [InlineData(null, "r", AccountBench.Password, AccountBench.Password, "2 to 32 characters")]
    public async Task What_is_wrong_is_said_and_the_token_stays_good(string? token, string name, string password, string repeat, string complaint)
    {
        await using var site = await AccountSite.StartEmptyAsync(postgres);
        var good = await site.Site.Services.GetRequiredService<SetupToken>().EnsureAsync(Stop) ?? "";
        var visitor = site.Visit();

        var refused = await visitor.SubmitAsync("/setup", "setup",
            [("Entry.Token", token ?? good), ("Entry.Name", name), ("Entry.Password", password), ("Entry.Repeat", repeat)]);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(complaint, refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(good, refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(password, refused.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SetUpAsync(visitor, good, "root", AccountBench.Password)).Status);
    }

    [Fact]
    public async Task Guessing_tokens_is_throttled()
    {
        await using var site = await AccountSite.StartEmptyAsync(postgres);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.BadRequest, (await SetUpAsync(site.Visit(), $"guess {i}", "root", AccountBench.Password)).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SetUpAsync(site.Visit(), "guess", "root", AccountBench.Password)).Status);
    }

    [Fact]
    public async Task A_form_larger_than_any_of_ours_is_not_read()
    {
        await using var site = await AccountSite.StartEmptyAsync(postgres);

        var answer = await SetUpAsync(site.Visit(), new string('A', 100_000), "root", AccountBench.Password);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain("not a set-up token", answer.Body, StringComparison.Ordinal);
    }

    private static Task<Answer> SetUpAsync(Visitor visitor, string token, string name, string password) => visitor.SubmitAsync("/setup", "setup",
        [("Entry.Token", token), ("Entry.Name", name), ("Entry.Password", password), ("Entry.Repeat", password)]);
}
