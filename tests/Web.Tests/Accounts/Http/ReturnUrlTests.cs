using System.Net;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class ReturnUrlTests(SharedAccountSite shared) : IClassFixture<SharedAccountSite>
{
    private readonly AccountSite _site = shared.Site;

    public static readonly TheoryData<string> HostileReturns = new(
        "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
        " //evil.example", "http:evil.example", "http:/evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", ".evil.example", "@evil.example",
        "/\u0000/evil.example", "/%09/evil.example\r\nSet-Cookie: a=b", "/\r\nLocation: https://evil.example", "/é//evil.example", "//evil.example/%2f..", "/／evil.example", "");

    [Theory]
    [MemberData(nameof(HostileReturns))]
    public async Task WEB_14_signing_in_leads_to_this_site_only(string hostile)
    {
        var visitor = _site.Visit(("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "//evil.example"), ("X-Original-URL", "https://evil.example"));

        var answer = await visitor.TrySignInAsync("pia", AccountBench.Password, $"/sign-in?returnUrl={Uri.EscapeDataString(hostile)}");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Equal(_site.Site.Address, new Uri(_site.Site.Address, answer.Location));
        Assert.DoesNotContain("evil.example", answer.Headers.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/models?q=llama&class=open-weights")]
    [InlineData("/admin/accounts")]
    [InlineData("/models/bigscience/bloom?x=%C3%A9")]
    public async Task WEB_14_a_local_return_address_is_kept(string local)
    {
        var answer = await _site.Visit().TrySignInAsync("root", AccountBench.Password, $"/sign-in?returnUrl={Uri.EscapeDataString(local)}");

        Assert.Equal(new Uri(_site.Site.Address, local), new Uri(_site.Site.Address, answer.Location));
    }

    [Fact]
    public async Task A_page_that_needs_sign_in_comes_back_after_it()
    {
        var visitor = _site.Visit();
        var asked = await visitor.GetAsync("/admin/accounts?x=1&y=2");
        Assert.Equal("/sign-in?returnUrl=%2Fadmin%2Faccounts%3Fx%3D1%26y%3D2", asked.Location);

        var answer = await visitor.TrySignInAsync("root", AccountBench.Password, asked.Location ?? "");

        Assert.Equal("/admin/accounts?x=1&y=2", new Uri(_site.Site.Address, answer.Location).PathAndQuery);
    }
}
