using System.Diagnostics;
using System.Text.Json.Nodes;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Tests.Commands;

public sealed class PullTests
{
    private const string Stories = "models/stories260K";

    [Fact]
    public async Task A_model_that_was_pulled_is_listed_and_runs_by_its_id_and_by_its_name()
    {
        var source = SharedData.Find(Stories);
        Assert.SkipWhen(source is null, SharedData.SkipMessage(Stories));
        await using var hub = await FakeHub.StartAsync();
        HubFiles.LoadFolder(hub.Models, "karpathy/stories", source);
        await using var folder = await TestFolder.CreateAsync("pull");
        var environment = Environment(hub, folder);

        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["pull", "karpathy/stories", "--weights", "stored", "--device", "cpu"], environment);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("karpathy/stories is here at commit", output, StringComparison.Ordinal);
        Assert.Matches("^modelatlas/built-in .*\nkarpathy/stories +[0-9.]+ MiB  fp32 .onnx.model.onnx.  runs$", (await AtlasProcess.RunAsync(["models", "--device", "cpu"], environment)).Output);
        var texts = new List<string>();
        foreach (var name in new[] { "karpathy/stories", "stories", source })
        {
            var run = await AtlasProcess.RunAsync(["run", name, "--weights", "stored", "--device", "cpu", "--ids", "1,403", "--greedy", "--max-new-tokens", "8", "--json"], environment);
            Assert.True(run.ExitCode == 0, run.Errors);
            texts.Add(JsonNode.Parse(run.Output)?["ids"]?.ToJsonString() ?? "");
        }
        Assert.Single(texts.Distinct());

        var (refused, _, complaint) = await AtlasProcess.RunAsync(["pull", "karpathy/none"], environment);
        Assert.Equal(1, refused);
        Assert.Contains("no model karpathy/none", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_without_a_graph_are_made_ready_and_what_that_costs_is_told()
    {
        const string Plain = "models/formats/lora-base";
        var source = SharedData.Find(Plain);
        Assert.SkipWhen(source is null, SharedData.SkipMessage(Plain));
        await using var hub = await FakeHub.StartAsync();
        HubFiles.LoadFolder(hub.Models, "acme/plain", source);
        await using var folder = await TestFolder.CreateAsync("pull");
        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["pull", "acme/plain", "--device", "cpu"], Environment(hub, folder));
        Assert.True(exitCode == 0, errors);
        Assert.Matches("acme/plain is here at commit .*\nIts weights were rounded: [0-9.]+ % (less|more) likely text than with the weights as stored$", output);
        Assert.Single(Directory.EnumerateFiles(folder.Path, "loss.json", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_fetch_tells_bytes_speed_time_left_and_its_step()
    {
        var words = PullCommand.Words(new(3 << 20, 7 << 20, "fetching model.safetensors"), 2 << 20, TimeSpan.FromSeconds(4));
        Assert.Equal("3.0 of 7.0 MiB (43 %), 0.5 MiB/s, 8 s left  fetching model.safetensors", words);
        Assert.Equal("Building the graph: 1 of 4 MiB (25 %), 6 s left  writing \"x\"", BuildLine.Words(new(1 << 20, 4 << 20, "writing \"x\"", TimeSpan.FromSeconds(6))));
    }

    [Fact]
    public async Task DL_08_A_pull_that_is_killed_leaves_no_half_file_under_a_name_and_the_next_goes_on_with_it()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Models.Add(new JsonObject { ["id"] = "owner/tiny" });
        hub.Models.File("owner/tiny", "config.json", "{}"u8.ToArray(), large: false);
        var weights = new byte[4_000_000];
        new Random(1).NextBytes(weights);
        weights[0] = 0x08;
        hub.Models.File("owner/tiny", "model.onnx", weights);
        var sent = new TaskCompletionSource();
        hub.Fail(async (context, answer) =>
        {
            FakeHub.WriteHead(context, answer);
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, 2_000_000));
            await context.Response.Body.FlushAsync();
            sent.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }, when: request => request.Path.Value?.EndsWith("model.onnx", StringComparison.Ordinal) == true);
        await using var folder = await TestFolder.CreateAsync("pull");
        await using (var pull = AtlasProcess.Start(["pull", "owner/tiny", "--device", "cpu"], Environment(hub, folder)))
        {
            await sent.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            for (var waited = Stopwatch.StartNew(); Parts(folder) is not [{ Length: > 0 }] && waited.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(50, TestContext.Current.CancellationToken)) { }
            pull.Kill();
            await pull.EndAsync(TimeSpan.FromSeconds(20));
        }
        Assert.NotEmpty(Parts(folder));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "model.onnx", SearchOption.AllDirectories));
        Assert.DoesNotContain("owner/tiny", (await AtlasProcess.RunAsync(["models"], Environment(hub, folder))).Output, StringComparison.Ordinal);
        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["pull", "owner/tiny", "--device", "cpu"], Environment(hub, folder));
        Assert.True(exitCode == 0, errors);
        Assert.Contains("2 files", output, StringComparison.Ordinal);
        Assert.Contains("cannot run here", errors, StringComparison.Ordinal); // noise is no graph
        Assert.True(hub.Log[^1].Headers.ContainsKey("Range"));
        Assert.Empty(Parts(folder));
    }

    private static FileInfo[] Parts(TestFolder folder) => [.. new DirectoryInfo(folder.Path).EnumerateFiles("*.part", SearchOption.AllDirectories)];

    private static Dictionary<string, string> Environment(FakeHub hub, TestFolder folder) => new() { ["Atlas__Hub__Endpoint"] = hub.Endpoint, ["Atlas__Data"] = folder.Path };
}
