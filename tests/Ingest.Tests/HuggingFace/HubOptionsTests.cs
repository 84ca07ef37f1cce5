using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubOptionsTests
{
    [Theory]
    [InlineData("https://huggingface.co", true)]
    [InlineData("https://mirror.example/hub/", true)]
    [InlineData("http://127.0.0.1:8090", true)]
    [InlineData("http://127.4.5.6", true)]
    [InlineData("http://localhost:8090", true)]
    [InlineData("http://[::1]:8090", true)]
    [InlineData("http://huggingface.co", false)]
    [InlineData("http://127.0.0.1.example.com", false)]
    [InlineData("http://localhost.example.com", false)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("https://user:word@huggingface.co", false)]
    [InlineData("https://huggingface.co?x=1", false)]
    [InlineData("https://huggingface.co#x", false)]
    [InlineData("ftp://huggingface.co", false)]
    [InlineData("file:///tmp", false)]
    [InlineData("huggingface.co", false)]
    [InlineData("", false)]
    public void The_endpoint_is_https_or_loopback(string endpoint, bool fine)
    {
        var result = new HubOptionsValidator().Validate(null, new() { Endpoint = endpoint });
        Assert.Equal(fine, result.Succeeded);
        if (!fine) Assert.StartsWith("Atlas__Hub__Endpoint", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_setting_is_named()
    {
        var result = new HubOptionsValidator().Validate(null, new()
        {
            TokenFile = "/no/such/file",
            Contact = "me",
            BatchSize = 0,
            RequestsPerWindow = 0,
            Retries = -1,
            MaxRedirects = 99,
            Deadline = TimeSpan.Zero,
            ListBytes = 1,
        });
        foreach (var key in new[] { "TokenFile", "Contact", "BatchSize", "RequestsPerWindow", "Retries", "MaxRedirects", "Deadline", "ListBytes" })
            Assert.Contains(result.Failures!, failure => failure.StartsWith($"Atlas__Hub__{key} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_endpoint_stops_the_first_use()
    {
        await using var services = HubSetup.For("http://huggingface.co");
        await Assert.ThrowsAsync<OptionsValidationException>(() => services.ListAsync());
    }

    [Theory]
    [InlineData("https://hub.example/a", true)]
    [InlineData("https://HUB.example/a", true)]
    [InlineData("https://hub.example:443/a", true)]
    [InlineData("https://hub.example:8443/a", false)]
    [InlineData("http://hub.example/a", false)]
    [InlineData("https://hub.example.evil/a", false)]
    [InlineData("https://me@hub.example/a", false)]
    public void Own_means_the_same_scheme_host_and_port(string uri, bool own) =>
        Assert.Equal(own, new HubOptions { Endpoint = "https://hub.example" }.IsOwn(new(uri)));
}
