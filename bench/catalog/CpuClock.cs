using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelAtlas.Bench.Catalog;

/// <summary>Time that the processor spent on something, which says the same on a busy machine and on a quiet one.</summary>
internal static partial class CpuClock
{
    private const int Process = 2, Thread = 3;

    public static double ThreadMilliseconds => Read(Thread);

    public static double ProcessMilliseconds => Read(Process);

    /// <summary>Of another process.</summary>
    public static double Of(int processId) =>
        double.Parse(File.ReadAllText($"/proc/{processId}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;

    private static double Read(int clock) => Gettime(clock, out var time) == 0 ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6) : throw new PlatformNotSupportedException("The clocks of this system are not known.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
