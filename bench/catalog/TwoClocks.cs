namespace ModelAtlas.Bench.Catalog;

/// <summary>Both times of something long: on the wall, which others on the machine make longer, and of this process's threads.</summary>
internal sealed class TwoClocks
{
    private long _start;
    private double _cpu;

    public void Start() => (_start, _cpu) = (System.Diagnostics.Stopwatch.GetTimestamp(), CpuClock.ProcessMilliseconds);

    public override string ToString() => $"{System.Diagnostics.Stopwatch.GetElapsedTime(_start).TotalSeconds:0.0} s wall, {(CpuClock.ProcessMilliseconds - _cpu) / 1000:0.0} s CPU of this process";
}
