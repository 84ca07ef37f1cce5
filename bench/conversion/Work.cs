using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Bench.Conversion;

/// <summary>What is measured, done by a process of its own so that its peak of memory is that of nothing else; one line of JSON.</summary>
internal static class Work
{
    public sealed record Measured(double Seconds, long PeakMegabytes, long ResultMegabytes = 0, double StepP10 = 0, double StepMedian = 0, int Tokens = 0, string Text = "");

    public static Measured Build(string folder, string home, WeightsWish weights)
    {
        var since = Stopwatch.GetTimestamp();
        var package = ModelPackage.Open(folder, weights, build: new() { Home = home, Progress = Environment.GetEnvironmentVariable("SHOW_PROGRESS") is null ? null : new Shown() });
        return new(Stopwatch.GetElapsedTime(since).TotalSeconds, Peak(), new DirectoryInfo(package.Folder).EnumerateFiles().Sum(file => file.Length) >> 20);
    }

    /// <summary>Generates as the article's examples do.</summary>
    public static Measured Generate(string folder, string home, WeightsWish weights, Sampling sampling, int tokens)
    {
        using var model = LoadedModel.Load(folder, new(weights, DeviceWish.Cpu) { Build = new() { Home = home } });
        var text = new Continuation(new([1, 415, 1171, 302, 272, 1526, 349], sampling) { MaxNewTokens = tokens, Seed = 42 }, null, CancellationToken.None);
        var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
        batch.Add(text);
        var since = Stopwatch.GetTimestamp();
        batch.Run();
        return new(Stopwatch.GetElapsedTime(since).TotalSeconds, Peak(), Tokens: text.Ids.Count(), StepMedian: text.Decode.TotalMilliseconds / (tokens - 1), Text: string.Join(' ', text.Ids.Take(12)));
    }

    public static Measured Decode(string folder, string home, WeightsWish weights, int context)
    {
        using var model = LoadedModel.Load(folder, new(weights, DeviceWish.Cpu) { Build = new() { Home = home } });
        var found = DecoderTrial.Run(model.Decoder, new(context, 48, 1, context, 3), CancellationToken.None);
        return new(model.Loading.TotalSeconds, Peak(), StepP10: found.StepP10, StepMedian: found.StepMedian);
    }

    /// <summary>Starts this program again for one piece of work.</summary>
    public static Measured Apart(string word, params ReadOnlySpan<string> arguments)
    {
        using var child = Start(word, arguments);
        var line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return JsonSerializer.Deserialize<Measured>(line) ?? throw new InvalidOperationException($"{word} gave nothing.");
    }

    public static Process Start(string word, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "", [word, .. arguments]) { RedirectStandardOutput = true };
        return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start.");
    }

    private static long Peak() =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) >> 10;

    private sealed class Shown : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => Console.Error.WriteLine($"{value.Done >> 20} of {value.Total >> 20} MiB, {value.Left?.TotalSeconds:0.0} s left: {value.Step}");
    }
}
