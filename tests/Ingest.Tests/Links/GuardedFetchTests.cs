using ModelAtlas.Ingest.Links;

namespace ModelAtlas.Ingest.Tests.Links;

/// <summary>Model-controlled addresses against a real server and a canary on loopback.</summary>
public sealed class GuardedFetchTests
{
    public static TheoryData<string> Spellings => new(
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0x7f.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0",
        "localhost", "localhost.", "LOCALHOST", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127.0.0.1.", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fd00::1]",
        "[fc00::1]", "224.0.0.1", "255.255.255.255", "198.18.0.1", "[::ffff:169.254.169.254]");

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task No_spelling_of_an_address_inside_reaches_the_canary(string host)
    {
        await using var server = await LinkServer.StartAsync();
        foreach (var port in new[] { server.Port, server.CanaryPort })
        {
            var reply = await LinkServer.Fetch(reachesServer: false, TimeSpan.FromSeconds(2)).GetTextAsync($"http://{host}:{port}/license", TestContext.Current.CancellationToken);
            Assert.Null(reply.Text);
            Assert.NotNull(reply.Issue);
        }
        Assert.Equal(0, server.CanaryCalls);
    }

    [Fact]
    public async Task A_text_is_read_and_the_request_says_who_asks_and_nothing_else()
    {
        await using var server = await LinkServer.StartAsync();
        var fetch = LinkServer.Fetch(reachesServer: true);
        Assert.Equal("Permission is hereby granted", (await fetch.GetTextAsync($"{server.Origin}/license", TestContext.Current.CancellationToken)).Text);
        var headers = (await fetch.GetTextAsync($"{server.Origin}/headers", TestContext.Current.CancellationToken)).Text;
        Assert.Contains("User-Agent: ModelAtlas/", headers, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Cookie", headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Forwarded-For", headers, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/page", "no plain text")]
    [InlineData("/long", "longer than 64 KiB")]
    [InlineData("/nul", "no text")]
    [InlineData("/nowhere", "nothing is there")]
    [InlineData("/round", "sent on")]
    [InlineData("/drip", "came broken")]
    public async Task What_is_no_small_text_is_refused_with_the_reason(string path, string reason)
    {
        await using var server = await LinkServer.StartAsync();
        var reply = await LinkServer.Fetch(reachesServer: true).GetTextAsync(server.Origin + path, TestContext.Current.CancellationToken);
        Assert.Null(reply.Text);
        Assert.Contains(reason, reply.Issue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_drips_is_given_up_at_the_deadline()
    {
        await using var server = await LinkServer.StartAsync();
        var reply = await LinkServer.Fetch(reachesServer: true, TimeSpan.FromSeconds(1)).GetTextAsync($"{server.Origin}/drip", TestContext.Current.CancellationToken);
        Assert.Contains("longer than 1 seconds", reply.Issue, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/license")]
    [InlineData("http://localhost:{0}/license")]
    [InlineData("http://[::1]:{0}/license")]
    public async Task A_redirect_to_the_canary_is_not_followed(string target)
    {
        await using var server = await LinkServer.StartAsync();
        var to = string.Format(System.Globalization.CultureInfo.InvariantCulture, target, server.CanaryPort);
        var reply = await LinkServer.Fetch(reachesServer: true).GetTextAsync($"{server.Origin}/sent?to={Uri.EscapeDataString(to)}", TestContext.Current.CancellationToken);
        Assert.Null(reply.Text);
        Assert.Equal(0, server.CanaryCalls);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_not_asked()
    {
        await using var server = await LinkServer.StartAsync();
        var before = Environment.GetEnvironmentVariable("HTTP_PROXY");
        Environment.SetEnvironmentVariable("HTTP_PROXY", $"http://127.0.0.2:{server.CanaryPort}");
        try
        {
            Assert.NotNull((await LinkServer.Fetch(reachesServer: true).GetTextAsync($"{server.Origin}/license", TestContext.Current.CancellationToken)).Text);
            Assert.Equal(0, server.CanaryCalls);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HTTP_PROXY", before);
        }
    }

    [Fact]
    public async Task Switched_off_nothing_is_asked()
    {
        await using var server = await LinkServer.StartAsync();
        var off = new GuardedFetch(new NoClients(), Microsoft.Extensions.Options.Options.Create(new LinkOptions { Fetch = false }), TimeProvider.System);
        Assert.Contains("Atlas:Links:Fetch", (await off.GetTextAsync($"{server.Origin}/license", TestContext.Current.CancellationToken)).Issue, StringComparison.Ordinal);
    }

    private sealed class NoClients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => throw new InvalidOperationException("Nothing may be asked.");
    }
}
