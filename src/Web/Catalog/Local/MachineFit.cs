using System.Globalization;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Catalog.Local;

public enum Fit
{
    Unknown,

    /// <summary>With weights of 8 bits.</summary>
    Fits,

    /// <summary>With weights of 4 bits only.</summary>
    Tight,
    TooLarge,
}

/// <summary>Whether a model would fit into the memory that models may take here: an estimate from its number of parameters, by the sum that the playground's own check makes of real files.</summary>
internal static class MachineFit
{
    private const long Work = 256L * 1024 * 1024;

    /// <summary>Bytes of one parameter, with the scales of its block.</summary>
    private const double EightBits = 1.06, FourBits = 0.56;

    public static Fit Of(long? parameters, long? room) => parameters is not > 0 || room is null ? Fit.Unknown
        : parameters <= Most(room.Value, EightBits) ? Fit.Fits
        : parameters <= Most(room.Value, FourBits) ? Fit.Tight
        : Fit.TooLarge;

    /// <summary>The numbers of parameters that answer so, lowest and highest.</summary>
    public static (long Low, long High) Range(Fit fit, long room) => fit switch
    {
        Fit.Fits => (1, Most(room, EightBits)),
        Fit.Tight => (Most(room, EightBits) + 1, Most(room, FourBits)),
        _ => (Most(room, FourBits) + 1, long.MaxValue),
    };

    public static string Id(this Fit fit) => fit switch { Fit.Fits => "yes", Fit.Tight => "tight", Fit.TooLarge => "no", _ => "unknown" };

    public static string Label(this Fit fit) => fit switch { Fit.Fits => "Fits", Fit.Tight => "Fits in 4 bits only", Fit.TooLarge => "Too large", _ => "Size not known" };

    /// <summary>The sum behind the answer.</summary>
    public static string Sum(long? parameters, long? room)
    {
        if (parameters is not > 0) return "How many parameters it has is not known.";
        if (room is not { } free) return "How much memory there is here is not known.";
        var bytes = Of(parameters, room) == Fit.Fits ? EightBits : FourBits;
        var weights = (long)(parameters.Value * bytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"About {Amount.Bytes(weights)} of weights in {(bytes == EightBits ? 8 : 4)} bits + {Amount.Bytes(weights / 4)} for their arrangement + {Amount.Bytes(Work)} to work in = {Amount.Bytes(weights + (weights / 4) + Work)}, of {Amount.Bytes(free)} that models may take here.");
    }

    private static long Most(long room, double bytes) => Math.Max(0, (long)((room - Work) / (1.25 * bytes)));

    /// <summary>What the machine has, or the container may take.</summary>
    public static long? Memory()
    {
        var line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) : null;
        var machine = line is null ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024;
        var container = File.Exists("/sys/fs/cgroup/memory.max") ? Number(File.ReadAllText("/sys/fs/cgroup/memory.max")) : null;
        return container < machine ? container : machine;
    }

    private static long? Number(string text) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
