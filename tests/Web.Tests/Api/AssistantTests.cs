using System.Text.Json;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Site;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ModelAtlas.Web.Tests.Api;

/// <summary>The server for assistants, asked by the official client.</summary>
public sealed class AssistantTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Four_tools_are_offered_and_all_only_read()
    {
        await using var client = await ConnectAsync();
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["check_use", "compare_licenses", "get_model", "search_models"], tools.Select(tool => tool.Name).Order());
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations?.ReadOnlyHint));
    }

    [Fact]
    public async Task Answers_are_those_of_the_api()
    {
        await using var client = await ConnectAsync();
        using var found = JsonDocument.Parse(await AskAsync(client, "search_models", new() { ["filter"] = "class=open-source&sort=name&dir=asc", ["limit"] = 2 }));
        using var api = JsonDocument.Parse(await fixture.Client.GetStringAsync("/api/v1/models?class=open-source&sort=name&dir=asc&limit=2", TestContext.Current.CancellationToken));
        Assert.Equal(api.RootElement.GetRawText(), found.RootElement.GetRawText());

        using var model = JsonDocument.Parse(await AskAsync(client, "get_model", new() { ["id"] = "bigscience/bloom-176b" }));
        Assert.Equal(("bigscience/bloom", "open-source"), (model.RootElement.GetProperty("id").GetString(), model.RootElement.GetProperty("class").GetString()));

        using var compared = JsonDocument.Parse(await AskAsync(client, "compare_licenses", new() { ["ids"] = new[] { "apache-2.0", "gemma" }, ["differencesOnly"] = true }));
        Assert.All(compared.RootElement.GetProperty("rows").EnumerateArray(), row => Assert.True(row.GetProperty("differs").GetBoolean()));

        using var uses = JsonDocument.Parse(await AskAsync(client, "check_use", new() { ["modelIds"] = new[] { SampleCatalog.Quantized }, ["use"] = "use-above-limits" }));
        Assert.Equal("not-allowed", Assert.Single(uses.RootElement.EnumerateArray()).GetProperty("outcome").GetString());
        using var unknown = JsonDocument.Parse(await AskAsync(client, "check_use", new() { ["modelIds"] = new[] { "no/such" } }));
        Assert.All(unknown.RootElement.EnumerateArray(), use => Assert.Equal("ask-counsel", use.GetProperty("outcome").GetString()));
    }

    [Theory]
    [InlineData("search_models", "filter", "clas=open", "clas is no key here")]
    [InlineData("get_model", "id", "someone/bloom", "Nothing in the catalogue is called that. Like it: bigscience/bloom.")]
    [InlineData("check_use", "use", "sell-it", "use is run-inside")]
    [InlineData("check_use", "use", "run-inside", "Name a model or a licence.")]
    public async Task What_cannot_be_answered_is_told_with_the_remedy(string tool, string key, string value, string words)
    {
        await using var client = await ConnectAsync();
        var answer = await client.CallToolAsync(tool, new Dictionary<string, object?> { [key] = value }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(answer.IsError);
        Assert.Contains(words, answer.Content.OfType<TextContentBlock>().Single().Text, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);
        var text = Assert.Single(answer.Content.OfType<TextContentBlock>()).Text;
        Assert.False(answer.IsError is true, text);
        return text;
    }

    private Task<McpClient> ConnectAsync() =>
        McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new(fixture.Site.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }), cancellationToken: TestContext.Current.CancellationToken);
}
