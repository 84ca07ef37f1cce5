using Microsoft.Extensions.Configuration;
using ModelAtlas.Web.Perimeter;

namespace ModelAtlas.Web.Tests.Perimeter;

public sealed class PublicBindTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://192.168.1.5:5080")]
    [InlineData("https://0.0.0.0:443")]
    [InlineData("http://[fe80::1]:5080")]
    [InlineData("http://10.1:80")]
    [InlineData("http://atlas.example.org:5080")]
    [InlineData("http://localhost.example.org:5080")]
    [InlineData("http://127.0.0.1.example.org")]
    [InlineData("http://127.0.0.1:5080", "http://0.0.0.0:5081")]
    [InlineData("not an address")]
    [InlineData("")]
    public void WEB_18_an_address_that_others_can_reach_is_refused_until_there_is_an_admin(params string[] urls)
    {
        var refusal = PublicBind.Refusal(urls, hasAdmin: false);

        Assert.Contains("./atlas admin create NAME", refusal, StringComparison.Ordinal);
        Assert.Contains(urls[^1], refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refusal, StringComparison.Ordinal);
        Assert.Null(PublicBind.Refusal(urls, hasAdmin: true));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://127.0.0.9:0")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://LOCALHOST:5080")]
    [InlineData("https://localhost")]
    [InlineData("http://[::ffff:127.0.0.1]:5080")]
    [InlineData("http://unix:/run/atlas.sock")]
    [InlineData("http://127.0.0.1:5080", "http://[::1]:5080")]
    [InlineData]
    public void WEB_18_this_machines_own_addresses_need_no_admin(params string[] urls) => Assert.Null(PublicBind.Refusal(urls, hasAdmin: false));

    [Fact]
    public void WEB_18_every_way_to_name_an_address_is_looked_at()
    {
        Assert.Equal(["http://127.0.0.1:1", "http://0.0.0.0:2"], Read(("urls", "http://127.0.0.1:1; http://0.0.0.0:2")));
        Assert.Equal(["http://*:8080", "https://*:8443"], Read(("http_ports", "8080"), ("https_ports", "8443")));
        Assert.Equal(["http://127.0.0.1:1"], Read(("urls", "http://127.0.0.1:1"), ("http_ports", "8080")));
        Assert.Equal(["http://127.0.0.1:1", "http://*:3"], Read(("urls", "http://127.0.0.1:1"), ("Kestrel:Endpoints:Open:Url", "http://*:3")));
        Assert.Empty(Read());
    }

    private static IReadOnlyList<string> Read(params (string Key, string Value)[] settings) => PublicBind.ConfiguredUrls(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}
