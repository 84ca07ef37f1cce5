using System.Globalization;

namespace ModelAtlas.Inference.Models;

/// <summary>Whether a model fits, as a sum that can be shown.</summary>
internal static class MemoryPlan
{
    private const long WorkBytes = 256L * 1024 * 1024;
    private const int FirstTokens = 512;

    public static void Check(ModelPackage package, int slots)
    {
        if (FreeBytes() is { } free && Sentence(package.File.Size, CacheBytes(package, slots), free) is { } complaint) throw new ModelRefusedException($"{package.Folder} {complaint}");
    }

    /// <summary>Null when it fits.</summary>
    internal static string? Sentence(long weights, long cache, long free)
    {
        var needed = weights + weights / 4 + cache + WorkBytes;
        return needed <= free ? null
            : $"is too large for this machine: weights {Gib(weights)} + their arrangement {Gib(weights / 4)} + cache {Gib(cache)} + work {Gib(WorkBytes)} = {Gib(needed)}, and {Gib(free)} are free: choose a smaller model or --weights int4.";
    }

    private static long CacheBytes(ModelPackage package, int slots) =>
        package.Ports.Caches.Sum(cache => cache.TokenBytes) * Math.Min(package.Context, FirstTokens) * slots;

    /// <summary>What the kernel says can be had, or what the container may still take; null where neither is told.</summary>
    private static long? FreeBytes()
    {
        long? free = null;
        if (File.Exists("/proc/meminfo"))
            foreach (var line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal) && long.TryParse(line["MemAvailable:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
                    free = kilobytes * 1024;
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return free is { } known ? Math.Min(known, limit) : limit > 0 ? limit : null;
    }

    private static string Gib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.0} GiB");
}
