using System.Diagnostics;
using System.Globalization;
using ModelAtlas.Inference.Architectures.Conversion;

namespace ModelAtlas.Web.Commands;

/// <summary>How far a graph is written, where that takes longer than one notices. At once, not by way of another thread: the last line comes before what the model says.</summary>
internal sealed class BuildLine(ProgressLine line) : IProgress<BuildProgress>
{
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(1);

    private readonly long _started = Stopwatch.GetTimestamp();

    public void Report(BuildProgress value)
    {
        if (Stopwatch.GetElapsedTime(_started) >= Unseen) line.Show(Words(value));
    }

    internal static string Words(BuildProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"Building the graph: {value.Done / 1048576.0:N0} of {value.Total / 1048576.0:N0} MiB ({100.0 * value.Done / Math.Max(1, value.Total):0} %){(value.Left is { } left ? $", {left.TotalSeconds:0} s left" : "")}  {Terminal.Safe(value.Step)}");
}
