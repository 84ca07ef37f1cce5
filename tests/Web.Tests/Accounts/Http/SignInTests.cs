using System.Net;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class SignInTests(PostgresFixture postgres)
{
    [Fact]
    public async Task WEB_16_the_session_cookie_is_for_this_host_and_no_script()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var visitor = await site.VisitAsAsync("pia");

        var cookie = Assert.Single(visitor.SetCookies, line => line.StartsWith("atlas=", StringComparison.Ordinal));
        Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
        Assert.Contains("pia", (await visitor.GetAsync("/account")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WEB_16_over_https_the_cookie_is_secure_and_bound_to_the_host_by_its_name()
    {
        await using var site = await AccountSite.StartAsync(postgres, "--Atlas:Proxies=127.0.0.1");
        var visitor = await site.Visit(("X-Forwarded-Proto", "https")).SignedInAsync("pia");

        var cookie = Assert.Single(visitor.SetCookies, line => line.StartsWith("__Host-atlas=", StringComparison.Ordinal));
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task WEB_16_every_cookie_we_set_is_httponly_and_samesite()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var visitor = site.Visit();
        List<string> cookies = [];
        foreach (var page in new[] { "/", "/models", "/sign-in", "/setup" })
        {
            await visitor.GetAsync(page);
            cookies.AddRange(visitor.SetCookies);
        }

        Assert.NotEmpty(cookies);
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task WEB_16_signing_in_again_ends_the_session_the_browser_had()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var visitor = await site.VisitAsAsync("pia");
        var before = visitor.Cookies["atlas"];
        await visitor.SignedInAsync("pia");

        Assert.NotEqual(before, visitor.Cookies["atlas"]);
        var thief = site.Visit();
        thief.Cookies["atlas"] = before;
        Assert.True((await thief.GetAsync("/account")).AsksToSignIn);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account")).Status);
    }

    [Theory]
    [InlineData("/account", "/sign-out")]
    [InlineData("/account", "/account/sign-out-everywhere")]
    public async Task Signing_out_ends_the_session_also_for_copies_of_the_cookie(string page, string action)
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var visitor = await site.VisitAsAsync("pia");
        var copy = site.Visit();
        copy.Cookies["atlas"] = visitor.Cookies["atlas"];
        Assert.Equal(HttpStatusCode.OK, (await copy.GetAsync("/account")).Status);

        var answer = await visitor.SubmitAsync(page, handler: null, [], action);

        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.Status, answer.Location));
        Assert.DoesNotContain("atlas", visitor.Cookies.Keys);
        Assert.True((await copy.GetAsync("/account")).AsksToSignIn);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_other_browsers_too_and_signing_out_does_not()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var (here, there) = (await site.VisitAsAsync("pia"), await site.VisitAsAsync("pia"));

        await here.SubmitAsync("/account", handler: null, [], "/sign-out");
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).Status);

        await here.SignedInAsync("pia");
        await here.SubmitAsync("/account", handler: null, [], "/account/sign-out-everywhere");
        Assert.True((await there.GetAsync("/account")).AsksToSignIn);
    }

    [Fact]
    public async Task WEB_16_wrong_passwords_are_answered_alike_and_pause_the_account()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var visitor = site.Visit();
        var unknown = await visitor.TrySignInAsync("nobody", "wrong password");
        for (var i = 0; i < SignInDesk.FreeFailures; i++)
        {
            var wrong = await visitor.TrySignInAsync("pia", "wrong password");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
            Assert.Equal(Complaint(unknown.Body), Complaint(wrong.Body));
        }

        var right = await visitor.TrySignInAsync("pia", AccountBench.Password);

        Assert.Equal(HttpStatusCode.Unauthorized, right.Status);
        Assert.Equal(Complaint(unknown.Body), Complaint(right.Body));
        Assert.DoesNotContain("atlas", visitor.Cookies.Keys);
    }

    [Fact]
    public async Task WEB_16_one_address_is_throttled_whatever_address_it_claims()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var answers = new List<Answer>();
        for (var i = 0; i < 11; i++)
        {
            var visitor = site.Visit(("X-Forwarded-For", $"203.0.113.{i}"), ("X-Real-IP", $"203.0.113.{i}"), ("Forwarded", $"for=203.0.113.{i}"));
            answers.Add(await visitor.TrySignInAsync($"guess{i}", "wrong password"));
        }

        Assert.All(answers[..10], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[10].Status);
        Assert.InRange(answers[10].Headers.RetryAfter?.Delta ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task WEB_16_behind_a_configured_proxy_each_visitor_is_counted_apart()
    {
        await using var site = await AccountSite.StartAsync(postgres, "--Atlas:Proxies=127.0.0.0/8");
        for (var i = 0; i < 11; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.Visit(("X-Forwarded-For", $"203.0.113.{i}")).TrySignInAsync($"guess{i}", "wrong password")).Status);
    }

    private static string Complaint(string body)
    {
        var start = body.IndexOf("role=\"alert\"", StringComparison.Ordinal);
        Assert.True(start > 0, "no complaint on the page");
        return body[start..body.IndexOf("</p>", start, StringComparison.Ordinal)];
    }
}
