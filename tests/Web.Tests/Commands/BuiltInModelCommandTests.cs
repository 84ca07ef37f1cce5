using System.Text.Json.Nodes;
using ModelAtlas.Testing;

namespace ModelAtlas.Web.Tests.Commands;

public sealed class BuiltInModelCommandTests
{
    [Theory]
    [InlineData("run", "Does MIT allow commercial use?")]
    [InlineData("run", "built-in", "Does MIT allow commercial use?")]
    [InlineData("run", "modelatlas/built-in", "Does MIT allow commercial use?", "--chat")]
    public async Task The_built_in_model_answers_with_nothing_fetched_and_no_network(params string[] command)
    {
        var (exitCode, output, errors) = await AtlasProcess.RunAsync([.. command, "--device", "cpu", "--json"]);
        Assert.True(exitCode == 0, errors);
        var line = JsonNode.Parse(output);
        Assert.Contains("MIT", line?["text"]?.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("Yes, ", line?["text"]?.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("eos", line?["finish"]?.GetValue<string>());
    }

    [Fact]
    public async Task It_is_listed_as_one_that_runs_before_any_other()
    {
        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["models", "--device", "cpu"]);
        Assert.True(exitCode == 0, errors);
        Assert.Matches(@"^modelatlas/built-in +[0-9.]+ MiB  int8 \(onnx.model_q8\.onnx\)  runs", output);
    }

    [Fact]
    public async Task A_model_that_is_not_here_is_still_named_in_the_complaint()
    {
        var (exitCode, _, errors) = await AtlasProcess.RunAsync(["run", "no-such-model", "Hello"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("no-such-model is neither a folder nor a model on the shelf", errors, StringComparison.Ordinal);
    }
}
