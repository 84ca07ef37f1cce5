using System.Net;
using System.Net.Http.Headers;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

public sealed class ResponseHeaderTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    public static TheoryData<string> Answers => new(
        "/", "/models", "/models?page=junk", "/models/bigscience/bloom", "/models/bigscience/bloom-176b", "/models/no/such", "/no/such", "/licenses", "/licenses/mit", "/licenses/no-such", "/compare/licenses?l=mit", "/compare/licenses.csv?l=mit", "/licenses/check?m=bigscience/bloom", "/models/bigscience/bloom/evidence", "/api/v1/licenses", "/types", "/status", "/changes", "/compare/models.csv?m=bigscience/bloom", "/models.csv?class=closed", "/models.atom", "/badge/bigscience/bloom.svg", "/badge/no/such.svg", "/models/bigscience/bloom/bom.cdx.json", "/api", "/theme.css", "/site.js",
        "/fonts/source-sans-3.woff2", "/api/v1/models", "/api/v1/models?page=1", "/api/v1/facets", "/openapi/v1.json", "/robots.txt", "/sitemap.xml", "/health/live");

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task WEB_01_WEB_04_Every_answer_carries_the_content_policy_and_the_other_guards(string path)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; base-uri 'self'; script-src 'self' 'nonce-", policy, StringComparison.Ordinal);
        Assert.EndsWith(
            "'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("camera=()", Assert.Single(answer.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"), "not over plain HTTP");
    }

    [Fact]
    public async Task WEB_01_Each_answer_has_a_nonce_of_its_own_even_from_the_cache()
    {
        var policies = new HashSet<string>();
        for (var turn = 0; turn < 3; turn++)
        {
            using var answer = await fixture.Client.GetAsync("/types", TestContext.Current.CancellationToken);
            Assert.True(policies.Add(answer.Headers.GetValues("Content-Security-Policy").Single()));
        }
    }

    [Fact]
    public async Task A_public_page_sets_no_cookie_and_comes_from_the_cache_the_second_time()
    {
        using var first = await fixture.Client.GetAsync("/models?task=fill-mask", TestContext.Current.CancellationToken);
        using var second = await fixture.Client.GetAsync("/models?task=fill-mask", TestContext.Current.CancellationToken);
        foreach (var answer in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            Assert.False(answer.Headers.Contains("Pragma"));
            Assert.False(answer.Headers.CacheControl?.NoStore);
        }
        Assert.Null(first.Headers.Age);
        Assert.NotNull(second.Headers.Age);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Pages_and_files_are_sent_compressed(string coding)
    {
        foreach (var (path, most) in new[] { ("/models", 20_000L), ("/_content/MudBlazor/MudBlazor.min.css", 70_000L), ("/theme.css", 6_000L), ("/ModelAtlas.Web.styles.css", 12_000L) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(coding));
            using var answer = await fixture.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(coding, Assert.Single(answer.Content.Headers.ContentEncoding));
            var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(bytes.Length < most, $"{path} as {coding} is {bytes.Length} bytes");
        }
    }

    [Fact]
    public async Task Dark_is_kept_apart_from_light_in_the_cache()
    {
        var light = await fixture.Client.GetStringAsync("/licenses", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/licenses") { Headers = { { "Cookie", "atlas-theme=dark" } } };
        using var dark = await fixture.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("data-theme=\"system\"", light, StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", await dark.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/models?class=closed", "/models?class=closed")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/%0d%0aSet-Cookie:x=1", "/%0d%0aSet-Cookie:x=1")]
    [InlineData("/a\r\nb", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task WEB_14_Choosing_colours_leads_back_to_a_page_of_this_site_only(string back, string expected)
    {
        using var form = new FormUrlEncodedContent([new("to", "dark"), new("back", back)]);
        using var answer = await fixture.Client.PostAsync("/theme", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location?.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("atlas-theme=dark", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("X-Original-URL", "/admin")]
    public async Task WEB_14_A_forwarded_host_or_prefix_changes_no_address_we_write(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sitemap.xml") { Headers = { { header, value } } };
        using var answer = await fixture.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var plain = await fixture.Client.GetStringAsync("/sitemap.xml", TestContext.Current.CancellationToken);
        Assert.Equal(plain, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("<?xml", plain, StringComparison.Ordinal);
    }
}
