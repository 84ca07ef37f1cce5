using ModelAtlas.Ingest.Links;

namespace ModelAtlas.Ingest.Tests.Links;

public sealed class LinkRulesTests
{
    [Theory]
    [InlineData("http://example.org/LICENSE", "https")]
    [InlineData("ftp://example.org/LICENSE", "https")]
    [InlineData("file:///etc/passwd", "https")]
    [InlineData("data:text/plain,MIT", "https")]
    [InlineData("unix:/run/docker.sock", "https")]
    [InlineData("javascript:alert(1)", "https")]
    [InlineData("https://example.org:8443/LICENSE", "443")]
    [InlineData("https://user:secret@example.org/LICENSE", "name or password")]
    [InlineData("https://example.org@127.0.0.1/", "name or password")]
    [InlineData("LICENSE.md", "absolute")]
    [InlineData("//example.org/LICENSE", "https")]
    [InlineData("https://127.0.0.1/", "public name")]
    [InlineData("https://2130706433/", "public name")]
    [InlineData("https://0x7f.1/", "public name")]
    [InlineData("https://[::1]/", "public name")]
    [InlineData("https://[::ffff:127.0.0.1]/", "public name")]
    [InlineData("https://localhost/", "public name")]
    [InlineData("https://localhost./", "public name")]
    [InlineData("https://intranet/", "public name")]
    [InlineData("https://①②⑦.⓪.⓪.①/", "public name")]
    [InlineData("https://127。0。0。1/", "public name")]
    public void A_link_that_is_not_plain_https_to_a_public_name_is_refused_with_the_reason(string url, string reason) =>
        Assert.Contains(reason, LinkRules.Refuse(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://github.com/owner/repo/blob/main/LICENSE")]
    [InlineData("https://example.org:443/LICENSE.txt?raw=1#top")]
    [InlineData("https://bücher.example/lizenz")]
    public void A_plain_link_may_be_followed(string url) => Assert.Null(LinkRules.Refuse(url));

    [Fact]
    public void A_link_without_end_is_refused() => Assert.Contains("2000 characters", LinkRules.Refuse("https://example.org/" + new string('a', 2_000)), StringComparison.Ordinal);
}
