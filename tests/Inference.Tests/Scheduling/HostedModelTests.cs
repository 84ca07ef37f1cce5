using System.Diagnostics;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Scheduling;

public sealed class HostedModelTests
{
    private static readonly HostOptions _options = new() { FirstBackoff = TimeSpan.FromMilliseconds(50), TextLimit = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task A_model_in_a_process_of_its_own_makes_the_same_text_for_each_of_several_at_once()
    {
        using var toy = ToyModel.Create();
        await using var model = Host(toy, _options, slots: 3);
        var texts = await Task.WhenAll(Enumerable.Range(1, 5).Select(first => CollectAsync(model, Request(first, 40))));
        Assert.NotNull(model.ProcessId);
        Assert.Equal("cpu", model.Loaded?.Device);
        using var here = toy.Load();
        foreach (var (i, text) in texts.Index())
        {
            var want = new Continuation(new([i + 1], Sampling.Greedy) { MaxNewTokens = 40, EndIds = [0] }, null, TestContext.Current.CancellationToken);
            var batch = new GenerationBatch(here.Decoder, true);
            batch.Add(want);
            batch.Run();
            Assert.Equal(want.Ids, text.Ids);
            Assert.Equal(want.Finish, text.Done.Finish);
        }
    }

    [Fact]
    public async Task INF_09_The_process_inherits_no_secret_and_may_gain_no_privilege()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        Environment.SetEnvironmentVariable("HF_TOKEN", "hf_0123456789abcdefghijklmnop");
        Environment.SetEnvironmentVariable("ConnectionStrings__Atlas", "Host=secret");
        using var toy = ToyModel.Create();
        await using var model = Host(toy, _options);
        await CollectAsync(model, Request(1, 2));
        var environment = await File.ReadAllTextAsync($"/proc/{model.ProcessId}/environ", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("hf_0123", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", environment, StringComparison.Ordinal);
        var status = await File.ReadAllTextAsync($"/proc/{model.ProcessId}/status", TestContext.Current.CancellationToken);
        if (File.Exists("/usr/bin/setpriv")) Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        if (Environment.IsPrivilegedProcess && File.Exists("/usr/bin/unshare"))
            Assert.DoesNotContain(await File.ReadAllLinesAsync($"/proc/{model.ProcessId}/net/dev", TestContext.Current.CancellationToken), line => line.Contains("eth", StringComparison.Ordinal));
        var limits = await File.ReadAllLinesAsync($"/proc/{model.ProcessId}/limits", TestContext.Current.CancellationToken);
        if (File.Exists("/usr/bin/prlimit"))
        {
            Assert.Contains(limits, line => line.StartsWith("Max core file size        0", StringComparison.Ordinal));
            Assert.DoesNotContain(limits, line => line.StartsWith("Max address space         unlimited", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task INF_09_Root_s_models_run_as_a_user_that_owns_nothing_where_it_can_read_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await NobodyReadsAsync(HostLaunch.Program), "needs root, setpriv and a build that everyone can read");
#pragma warning disable CA1416
        using var toy = ToyModel.Create();
        await using var closed = Host(toy, _options);
        var want = await CollectAsync(closed, Request(1, 5)); // a folder of root's alone: then the process is root's, too
        Assert.Equal("0", await UserAsync(closed));
        File.SetUnixFileMode(toy.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using var open = Host(toy, _options);
        Assert.Equal(want.Ids, (await CollectAsync(open, Request(1, 5))).Ids);
        Assert.NotEqual("0", await UserAsync(open));
        var status = await File.ReadAllTextAsync($"/proc/{open.ProcessId}/status", TestContext.Current.CancellationToken);
        Assert.Contains("CapEff:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Matches("Groups:\\s*\n", status);
#pragma warning restore CA1416
    }

    [Fact]
    public async Task INF_02_Each_restart_waits_twice_as_long_as_the_one_before_up_to_a_limit_until_a_text_is_made()
    {
        using var toy = ToyModel.Create();
        var clock = new HastyClock();
        var options = _options with { FirstBackoff = TimeSpan.FromSeconds(1), LongestBackoff = TimeSpan.FromSeconds(5), CrashWindow = TimeSpan.Zero };
        await using (var broken = new HostedModel(new(toy.Folder, new()), options with { Program = Path.Combine(toy.Folder, "nothing.dll") }, clock))
            for (var i = 0; i < 6; i++) await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(broken, Request(1, 2)));
        Assert.Equal([1, 2, 4, 5, 5], clock.Waits.Select(wait => wait.TotalSeconds));
        clock.Waits.Clear();
        await using var model = new HostedModel(new(toy.Folder, new(WeightsWish.Stored, DeviceWish.Cpu, 1, Threads: 1)), options, clock);
        for (var i = 0; i < 3; i++)
        {
            await CollectAsync(model, Request(1, 2));
            await SignalAsync(model, "KILL");
            for (var waited = Stopwatch.StartNew(); model.IsLoaded && waited.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20, TestContext.Current.CancellationToken)) { }
        }
        Assert.Equal([1, 1], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("SEGV")]
    [InlineData("ABRT")]
    public async Task INF_02_A_crash_in_mid_text_is_told_within_two_seconds_and_the_next_text_is_made(string signal)
    {
        using var toy = ToyModel.CreateEndless();
        await using var model = Host(toy, _options);
        var want = await CollectAsync(model, Request(3, 30));
        var before = model.ProcessId;
        long crashed = 0;
        var failure = await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(model, Request(1, 190_000), onToken: async count =>
        {
            if (count != 3) return;
            await SignalAsync(model, signal);
            crashed = Stopwatch.GetTimestamp();
        }));
        Assert.InRange(Stopwatch.GetElapsedTime(crashed).TotalSeconds, 0, 2);
        Assert.Contains("ended", failure.Message, StringComparison.Ordinal);
        Assert.Equal(want.Ids, (await CollectAsync(model, Request(3, 30))).Ids);
        Assert.NotEqual(before, model.ProcessId);
    }

    [Fact]
    public async Task INF_02_A_process_that_is_stopped_is_noticed_and_ended()
    {
        using var toy = ToyModel.CreateEndless();
        await using var model = Host(toy, _options with { SilenceLimit = TimeSpan.FromSeconds(3) });
        await CollectAsync(model, Request(1, 2));
        var failure = await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(model, Request(1, 190_000), onToken: async count =>
        {
            if (count == 3) await SignalAsync(model, "STOP");
        }));
        Assert.Contains("silent for 3 s", failure.Message, StringComparison.Ordinal);
        await CollectAsync(model, Request(1, 2));
    }

    [Fact]
    public async Task INF_05_What_does_not_stop_when_asked_is_killed()
    {
        using var toy = ToyModel.CreateEndless();
        await using var model = Host(toy, _options with { StopLimit = TimeSpan.FromSeconds(1) });
        await CollectAsync(model, Request(1, 2));
        using var stop = new CancellationTokenSource();
        var failure = await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(model, Request(1, 190_000), async count =>
        {
            if (count != 3) return;
            await SignalAsync(model, "STOP");
            await stop.CancelAsync();
        }, stop));
        Assert.Contains("did not stop within 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_stopped_says_how_far_it_got_and_one_that_takes_too_long_is_stopped()
    {
        using var toy = ToyModel.CreateEndless();
        await using var model = Host(toy, _options);
        using var stop = new CancellationTokenSource();
        var text = await CollectAsync(model, Request(1, 190_000), async count =>
        {
            if (count == 5) await stop.CancelAsync();
        }, stop);
        Assert.Equal(FinishReason.Cancelled, text.Done.Finish);
        Assert.InRange(text.Done.NewTokens, 5, 189_999);
        await using var hurried = Host(toy, _options with { TextLimit = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(FinishReason.Cancelled, (await CollectAsync(hurried, Request(1, 190_000))).Done.Finish);
    }

    [Fact]
    public async Task A_model_that_cannot_run_says_why_through_its_process()
    {
        using var toy = ToyModel.Create(more: graph => graph.External("w", "../outside.bin"));
        await using var model = Host(toy, _options);
        Assert.Contains("no plain file name", (await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(model, Request(1, 2)))).Message, StringComparison.Ordinal);
        using var sound = ToyModel.Create();
        await using var other = Host(sound, _options);
        Assert.Contains("vocabulary of 50", (await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(other, Request(77, 2)))).Message, StringComparison.Ordinal);
        Assert.Contains("temperature", (await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(other, Request(1, 2) with { Sampling = new(Temperature: -1) }))).Message, StringComparison.Ordinal);
        Assert.Equal(2, (await CollectAsync(other, Request(1, 2))).Ids.Count);
    }

    [Fact]
    public async Task The_limit_on_managed_memory_of_a_process_says_nothing_about_how_large_its_model_may_be()
    {
        using var toy = ToyModel.Create(more: graph => graph.External("w", "weights.bin", "0", "16"));
        await using (var weights = File.Create(Path.Combine(toy.Folder, "weights.bin"))) weights.SetLength(700L << 20); // takes no room on disk
        await using var model = Host(toy, _options);
        Assert.Equal(2, (await CollectAsync(model, Request(1, 2))).Ids.Count);
    }

    [Fact]
    public async Task Weights_that_overflow_are_told_of_and_the_process_lives_on()
    {
        using var toy = ToyModel.Create(more: null, overflows: true);
        await using var model = Host(toy, _options);
        Assert.Contains("no finite numbers", (await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(model, Request(1, 2)))).Message, StringComparison.Ordinal);
        var process = model.ProcessId;
        await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(model, Request(1, 2)));
        Assert.Equal(process, model.ProcessId);
    }

    [Theory]
    [InlineData(1L << 32)]
    [InlineData(1L << 40)]
    public async Task INF_03_A_graph_that_asks_for_absurd_memory_fails_in_its_own_process(long elements)
    {
        using var toy = ToyModel.Create(more: graph => graph.Longs("huge", [1], elements).Node("ConstantOfShape", ["huge"], ["extra"]).Output("extra", 1, "n"));
        await using var model = Host(toy, _options with { MemoryBytes = 6L << 30 });
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => CollectAsync(model, Request(1, 2)));
        Assert.True(failure is ModelRefusedException or HostFailedException, failure.ToString());
    }

    /// <summary>64 MiB and more for each token that is read at once: a long prompt is too much for the process, a short one is not.</summary>
    [Fact]
    public async Task INF_04_A_run_that_needs_more_memory_than_there_is_says_so_gives_it_back_and_the_next_text_is_made()
    {
        using var toy = ToyModel.Create(more: graph => graph.Longs("extra_each", [2], 1, 1 << 24).Node("Shape", ["input_ids"], ["extra_read"]).Node("Mul", ["extra_read", "extra_each"], ["extra_shape"])
            .Node("ConstantOfShape", ["extra_shape"], ["extra"]).Output("extra", 1, "all", "of_them"));
        await using var model = Host(toy, _options with { MemoryBytes = 6L << 30 });
        var refused = await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(model, Request(1, 2) with { Ids = [.. Enumerable.Repeat(1, 500)] }));
        Assert.Matches("memory .*make the text shorter", refused.Message);
        Assert.Equal(2, (await CollectAsync(model, Request(1, 2))).Ids.Count);
        await using var other = Host(toy, _options);
        Assert.Equal(2, (await CollectAsync(other, Request(1, 2))).Ids.Count);
    }

    [Fact]
    public async Task INF_02_A_model_whose_process_dies_twice_while_loading_is_quarantined_until_it_is_released()
    {
        using var toy = ToyModel.Create();
        await using var model = Host(toy, _options with { Program = Path.Combine(toy.Folder, "nothing.dll") });
        await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(model, Request(1, 2)));
        Assert.Null(model.Quarantined);
        await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(model, Request(1, 2)));
        var refused = await Assert.ThrowsAsync<ModelRefusedException>(() => CollectAsync(model, Request(1, 2)));
        Assert.Contains("crashed twice", refused.Message, StringComparison.Ordinal);
        model.Release();
        await Assert.ThrowsAsync<HostFailedException>(() => CollectAsync(model, Request(1, 2)));
    }

    [Fact]
    public async Task A_model_that_nobody_asks_leaves_memory_and_comes_back_when_somebody_does()
    {
        using var toy = ToyModel.Create();
        await using var model = Host(toy, _options with { IdleLimit = TimeSpan.FromMilliseconds(400) });
        var first = await CollectAsync(model, Request(2, 10));
        for (var waited = Stopwatch.StartNew(); model.IsLoaded && waited.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(50, TestContext.Current.CancellationToken)) { }
        Assert.False(model.IsLoaded);
        Assert.Equal(first.Ids, (await CollectAsync(model, Request(2, 10))).Ids);
    }

    private static HostedModel Host(ToyModel toy, HostOptions options, int slots = 1) =>
        new(new(toy.Folder, new(WeightsWish.Stored, DeviceWish.Cpu, slots, Threads: 1)), options, TimeProvider.System);

    private static GenerateMessage Request(int first, int count) => new(0, new(Greedy: true)) { Ids = [first], MaxNewTokens = count };

    private static async Task<(List<int> Ids, DoneMessage Done)> CollectAsync(HostedModel model, GenerateMessage request, Func<int, Task>? onToken = null, CancellationTokenSource? stop = null)
    {
        var ids = new List<int>();
        await foreach (var step in model.GenerateAsync(request, stop?.Token ?? TestContext.Current.CancellationToken))
            switch (step)
            {
                case PieceMessage piece:
                    foreach (var token in piece.Tokens)
                    {
                        ids.Add(token);
                        if (onToken is not null) await onToken(ids.Count);
                    }
                    break;
                case DoneMessage done:
                    return (ids, done);
            }
        throw new InvalidOperationException("A text ended without its last message.");
    }

    private static async Task<string> UserAsync(HostedModel model) =>
        (await File.ReadAllLinesAsync($"/proc/{model.ProcessId}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    private static async Task<bool> NobodyReadsAsync(string path)
    {
        if (!File.Exists("/usr/bin/setpriv")) return false;
        using var test = Process.Start("/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "test", "-r", path]);
        await test.WaitForExitAsync();
        return test.ExitCode == 0;
    }

    /// <summary>Waits for nothing, and notes how long it should have.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private static async Task SignalAsync(HostedModel model, string signal)
    {
        if (model.ProcessId is not { } process) return;
        // .NET lets a SEGV or ABRT from outside pass once: a real fault happens again at once, and is then fatal. So does this one.
        var repeats = signal is "SEGV" or "ABRT";
        do
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{process}"]) { RedirectStandardError = true });
            if (kill is not null) await kill.WaitForExitAsync();
            await Task.Delay(20);
        }
        while (repeats && Directory.Exists($"/proc/{process}") && model.ProcessId == process);
    }
}
