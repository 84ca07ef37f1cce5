using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubNextLinkTests
{
    public static TheoryData<string> Foreign =>
    [
        "http://127.0.0.1:{elsewhere}/api/models?cursor=a",
        "//127.0.0.1:{elsewhere}/api/models?cursor=a",
        "https://127.0.0.1:{here}/api/models?cursor=a",
        "http://user:word@127.0.0.1:{here}/api/models?cursor=a",
        "http://127.0.0.1:{here}@127.0.0.1:{elsewhere}/api/models?cursor=a",
        "http://localhost:{here}/api/models?cursor=a",
        "file:///etc/passwd",
        "http://127.0.0.1:{here}/api/whoami-v2?cursor=a",
        "http://127.0.0.1:{here}/api/models/../../settings?cursor=a",
        "http://127.0.0.1:{here}/api/models?{itself}",
        "?{itself}",
        "http://127.0.0.1:{here}/api/models?cursor={long}",
        "http://[::1/api/models",
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task ING_11_A_next_link_to_anywhere_else_is_not_followed(string link)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var elsewhere = await FakeHub.StartAsync();
        hub.Fill(3);
        var filled = link
            .Replace("{here}", $"{new Uri(hub.Endpoint).Port}", StringComparison.Ordinal)
            .Replace("{elsewhere}", $"{new Uri(elsewhere.Endpoint).Port}", StringComparison.Ordinal)
            .Replace("{itself}", HubSetup.FirstModels[(HubSetup.FirstModels.IndexOf('?', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal)
            .Replace("{long}", new string('a', 30_000), StringComparison.Ordinal);
        hub.Fail(FakeFaults.Link($"<{filled}>; rel=\"next\""));
        await using var services = HubSetup.For(hub);
        var reply = await services.ListAsync();
        Assert.Equal((HubOutcome.Found, 3, null), (reply.Outcome, reply.Value!.Models.Count, reply.Value.Next));
        Assert.NotNull(reply.Value.Stopped);
        Assert.Single(hub.Log);
        Assert.Empty(elsewhere.Log);
    }

    [Theory]
    [InlineData("<http://127.0.0.1:{here}/api/models?limit=3&cursor=b>; rel=\"prev\", <http://127.0.0.1:{here}/api/models?limit=3&cursor=n>; rel=\"next\"", "api/models?limit=3&cursor=n")]
    [InlineData("</api/models?limit=3&cursor=n>;rel=next", "api/models?limit=3&cursor=n")]
    [InlineData("<http://127.0.0.1:{here}/api/models?cursor=b>; rel=\"prev\"", null)]
    [InlineData("<<<;;;>", null)]
    [InlineData("rel=\"next\"", null)]
    public async Task The_next_link_is_found_among_others(string header, string? next)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fail(FakeFaults.Link(header.Replace("{here}", $"{new Uri(hub.Endpoint).Port}", StringComparison.Ordinal)));
        await using var services = HubSetup.For(hub);
        var page = (await services.ListAsync()).Value!;
        Assert.Equal(next, page.Next);
        Assert.Null(page.Stopped);
    }
}
