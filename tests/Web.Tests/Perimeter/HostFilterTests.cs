using System.Net;
using ModelAtlas.Testing;
using ModelAtlas.Web.Tests.Accounts.Http;

namespace ModelAtlas.Web.Tests.Perimeter;

public sealed class HostFilterTests(PostgresFixture postgres, SharedAccountSite shared) : IClassFixture<SharedAccountSite>
{
    private readonly AccountSite _site = shared.Site;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:5080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("127.0.0.2")]
    [InlineData("192.168.1.5")]
    [InlineData("atlas.example.org")]
    [InlineData("[::2]")]
    [InlineData("")]
    public async Task WEB_17_a_host_that_is_not_ours_is_answered_with_400(string host)
    {
        foreach (var path in new[] { "/", "/api/v1/models", "/sign-in", "/no-such-page" })
        {
            var answer = await _site.Visit().GetAsync(path, ("Host", host));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            if (host.Length > 0) Assert.DoesNotContain(host, answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:80")]
    [InlineData("catalogue.example.org")]
    [InlineData("CATALOGUE.example.org:443")]
    [InlineData("gpu.lan")]
    public async Task WEB_17_our_own_names_and_the_configured_ones_are_served(string host)
    {
        Assert.Equal(HttpStatusCode.OK, (await _site.Visit().GetAsync("/sign-in", ("Host", host))).Status);
    }

    [Fact]
    public async Task WEB_14_a_forwarded_host_or_prefix_changes_nothing_even_from_a_trusted_proxy()
    {
        await using var site = await AccountSite.StartEmptyAsync(postgres, "--Atlas:Proxies=127.0.0.1");

        var answer = await site.Visit().GetAsync("/admin", ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "//evil.example"));

        Assert.Equal("/sign-in?returnUrl=%2Fadmin", answer.Location);
    }
}
