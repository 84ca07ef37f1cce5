using ModelAtlas.Web.Perimeter;

namespace ModelAtlas.Web.Tests.Perimeter;

public sealed class PerimeterOptionsTests
{
    [Theory]
    [InlineData("*")]
    [InlineData("http://atlas.example.org")]
    [InlineData("atlas.example.org:5080")]
    [InlineData("a.example.org, <script>")]
    public void A_public_host_that_is_none_is_refused_by_name(string hosts) =>
        Assert.StartsWith("Atlas__PublicHost names '", PerimeterOptions.Complaint(new() { PublicHost = hosts }), StringComparison.Ordinal);

    [Theory]
    [InlineData("proxy.example.org")]
    [InlineData("10.0.0.0/64")]
    [InlineData("*")]
    public void A_proxy_that_is_no_address_is_refused_by_name(string proxies) =>
        Assert.StartsWith("Atlas__Proxies names '", PerimeterOptions.Complaint(new() { Proxies = proxies }), StringComparison.Ordinal);

    [Fact]
    public void Names_addresses_and_networks_are_taken()
    {
        var options = new PerimeterOptions { PublicHost = "atlas.example.org, *.lan;192.168.1.5 2001:db8::1", Proxies = "10.0.0.2, 172.16.0.0/12, fd00::/8" };

        Assert.Null(PerimeterOptions.Complaint(options));
        Assert.Equal(["atlas.example.org", "*.lan", "192.168.1.5", "[2001:db8::1]"], options.PublicHosts);
        Assert.Null(PerimeterOptions.Complaint(new()));
    }
}
