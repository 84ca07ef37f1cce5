using System.Diagnostics;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Scheduling;

public sealed class HostileModelTests
{
    private static readonly HostOptions _options = new() { FirstBackoff = TimeSpan.FromMilliseconds(10), LongestBackoff = TimeSpan.FromMilliseconds(10), TextLimit = TimeSpan.FromSeconds(1), StopLimit = TimeSpan.FromSeconds(3), LoadLimit = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task INF_05_A_loop_in_a_graph_that_never_ends_is_stopped_with_its_text()
    {
        using var toy = ToyModel.Create(more: graph => graph
            .Longs("turns", [], long.MaxValue).Longs("start", [], 0).Tensor(OnnxWriter.RawTensor("on", 9, [], [1]))
            .Node("Loop", ["turns", "on", "start"], ["counted"], "", OnnxWriter.Graph("body", new OnnxWriter()
                .Input("turn", 7).Input("goes", 9).Input("count", 7).Node("Identity", ["goes"], ["goes_on"]).Node("Add", ["count", "turn"], ["more"]).Output("goes_on", 9).Output("more", 7)))
            .Output("counted", 7));
        await using var model = Host(toy.Folder);
        var watch = Stopwatch.StartNew();
        var (ids, end) = await TryAsync(model);
        Assert.Empty(ids);
        Assert.True(end is "Cancelled" || end.Contains("did not stop", StringComparison.Ordinal), end);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task INF_11_A_library_beside_a_model_is_never_loaded_and_the_runtime_s_own_format_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var toy = ToyModel.Create();
        var runtime = Directory.EnumerateFiles(AppContext.BaseDirectory, "libonnxruntime.so", SearchOption.AllDirectories).First();
        foreach (var name in new[] { "libonnxruntime.so", "libcustom_op_library.so", "libonnxruntime_providers_shared.so" }) File.Copy(runtime, Path.Combine(toy.Folder, name));
        await using var model = Host(toy.Folder);
        Assert.NotEmpty((await TryAsync(model)).Ids);
        Assert.DoesNotContain(toy.Folder, await File.ReadAllTextAsync($"/proc/{model.ProcessId}/maps", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var other = ToyModel.Create();
        File.Move(Path.Combine(other.Folder, "model.onnx"), Path.Combine(other.Folder, "model.ort"));
        Assert.Contains("holds no .onnx file", Assert.Throws<ModelRefusedException>(() => ModelPackage.Open(other.Folder)).Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Path.Combine(other.Folder, "model.onnx"), [0x18, 0, 0, 0, .. "ORTM"u8, .. new byte[256]], TestContext.Current.CancellationToken);
        Assert.Contains("is no ONNX model", Assert.Throws<ModelRefusedException>(() => ModelPackage.Open(other.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task INF_14_A_spoilt_model_makes_a_text_or_is_refused_or_loses_its_own_process() => SpoilAsync(TimeSpan.FromSeconds(6));

    [Fact]
    [Trait("Category", "Slow")]
    public Task INF_14_Ten_minutes_of_spoilt_models_lose_no_more_than_their_processes() => SpoilAsync(TimeSpan.FromMinutes(10));

    [Fact]
    [Trait("Category", "Slow")]
    public void INF_12_Two_hundred_models_loaded_one_after_the_other_leave_no_memory_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var toy = ToyModel.Create();
        var after = new List<long>();
        for (var cycle = 0; cycle < 200; cycle++)
        {
            using (var model = toy.Load(slots: 4)) model.Decoder.Append(0, [1, 2, 3], TestContext.Current.CancellationToken);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            after.Add(Environment.WorkingSet);
        }
        Assert.InRange(after[^20..].Average() / after[20..40].Average(), 0, 1.05);
    }

    /// <summary>Bytes of a sound model changed at random, in the graph and in its configuration. Each is seeded, so that a failure names the case.</summary>
    private static async Task SpoilAsync(TimeSpan time)
    {
        using var toy = ToyModel.Create();
        var (graphPath, configPath) = (Path.Combine(toy.Folder, "model.onnx"), Path.Combine(toy.Folder, "config.json"));
        var (graph, config) = (await File.ReadAllBytesAsync(graphPath), await File.ReadAllBytesAsync(configPath));
        var watch = Stopwatch.StartNew();
        var seed = 0;
        for (; watch.Elapsed < time || seed < 4; seed++)
        {
            var random = new Random(seed);
            await File.WriteAllBytesAsync(graphPath, random.Next(8) == 0 ? graph : Spoil(graph, random));
            await File.WriteAllBytesAsync(configPath, random.Next(2) == 0 ? config : Spoil(config, random));
            await using var model = Host(toy.Folder);
            var (_, end) = await TryAsync(model);
            Assert.False(string.IsNullOrWhiteSpace(end) || end.Contains('\n', StringComparison.Ordinal), $"seed {seed}: {end}");
        }
        Assert.True(seed >= 4);
    }

    private static byte[] Spoil(byte[] sound, Random random)
    {
        var spoilt = (byte[])sound.Clone();
        for (var flips = random.Next(1, 8); flips > 0; flips--) spoilt[random.Next(Math.Min(spoilt.Length, random.Next(2) == 0 ? 600 : int.MaxValue))] = (byte)random.Next(256);
        return spoilt;
    }

    private static HostedModel Host(string folder) => new(new(folder, new(WeightsWish.Stored, DeviceWish.Cpu, 1, Threads: 1)), _options, TimeProvider.System);

    /// <summary>The tokens of a short text, and how it ended: a finish reason, or what was said of the failure.</summary>
    private static async Task<(List<int> Ids, string End)> TryAsync(HostedModel model)
    {
        var (ids, end) = (new List<int>(), "");
        try
        {
            await foreach (var step in model.GenerateAsync(new(0, new(Greedy: true)) { Ids = [1, 2], MaxNewTokens = 4 }, TestContext.Current.CancellationToken))
                if (step is PieceMessage piece) ids.AddRange(piece.Tokens);
                else if (step is DoneMessage done) end = $"{done.Finish}";
        }
        catch (Exception told) when (told is ModelRefusedException or HostFailedException)
        {
            end = told.Message;
        }
        return (ids, end);
    }
}
