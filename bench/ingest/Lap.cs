using System.Diagnostics;
using ModelAtlas.Bench.Catalog;

namespace ModelAtlas.Bench.Ingest;

/// <summary>What some rows cost: on the wall, which others on the machine make longer, and in CPU time of this process and of the server's.</summary>
internal sealed record Lap(int Rows, double Wall, double Own, double Server)
{
    public double Rate => Rows / Wall;

    public static async Task<Lap> OfAsync(int rows, int? server, Func<Task> work)
    {
        var (start, own, other) = (Stopwatch.GetTimestamp(), CpuClock.ProcessMilliseconds, server is { } before ? CpuClock.Of(before) : 0);
        await work();
        return new(rows, Stopwatch.GetElapsedTime(start).TotalSeconds, (CpuClock.ProcessMilliseconds - own) / 1e3, server is { } after ? (CpuClock.Of(after) - other) / 1e3 : 0);
    }

    public override string ToString() => $"{Rate,9:N0} rows/s wall; CPU a row {Own / Rows * 1e6,6:0.0} µs here, {Server / Rows * 1e6,6:0.0} µs in the server";
}
