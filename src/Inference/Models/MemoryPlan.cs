using System.Globalization;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>Whether a model fits, as a sum that can be shown.</summary>
internal static class MemoryPlan
{
    private const long WorkBytes = 256L * 1024 * 1024;
    private const int FirstTokens = 512;

    /// <param name="room">What other models leave of what all may have; null where nobody says.</param>
    public static void Check(ModelPackage package, int slots, bool onGpu, long? room)
    {
        var free = Less(FreeBytes(), room);
        if (free is { } bytes && Sentence(Weights(package, onGpu), CacheBytes(package, slots), bytes) is { } complaint) throw new ModelRefusedException($"{package.Folder} {complaint}") { LacksMemory = true };
    }

    /// <summary>What the model is expected to take.</summary>
    public static long Needed(ModelPackage package, int slots, bool onGpu) => Sum(Weights(package, onGpu), CacheBytes(package, slots));

    /// <summary>A processor computes with 32 bits what is stored in 16.</summary>
    private static long Weights(ModelPackage package, bool onGpu)
    {
        var elements = package.File.Graph.Elements;
        return package.File.Size + (onGpu ? 0 : 2 * (elements.GetValueOrDefault(OnnxType.Half) + elements.GetValueOrDefault(OnnxType.BFloat16)));
    }

    /// <summary>Null when it fits.</summary>
    internal static string? Sentence(long weights, long cache, long free)
    {
        var needed = Sum(weights, cache);
        return needed <= free ? null
            : $"is too large for this machine: weights {Gib(weights)} + their arrangement {Gib(weights / 4)} + cache {Gib(cache)} + work {Gib(WorkBytes)} = {Gib(needed)}, and {Gib(free)} are free: choose a smaller model or --weights int4.";
    }

    /// <summary>As the file has them: what keeps them in 16 bits takes half.</summary>
    private static long CacheBytes(ModelPackage package, int slots) =>
        package.Ports.Caches.Sum(cache => cache.TokenBytes) * Math.Min(package.Context, FirstTokens) * slots;

    /// <summary>What the kernel says can be had, or what the container may still take; null where neither is told.</summary>
    /// <remarks>Not what the garbage collector says: its own limit, which a model's process has, says nothing of native memory.</remarks>
    private static long? FreeBytes()
    {
        var free = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").Where(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)).Select(line => Number(line["MemAvailable:".Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024).FirstOrDefault() : null;
        var left = NumberIn("/sys/fs/cgroup/memory.max") - NumberIn("/sys/fs/cgroup/memory.current");
        return Less(free, left);
    }

    private static long Sum(long weights, long cache) => weights + weights / 4 + cache + WorkBytes;

    private static long? Less(long? left, long? right) => left is null || right < left ? right ?? left : left;

    private static long? NumberIn(string path) => File.Exists(path) ? Number(File.ReadAllText(path)) : null; // "max" is no number: no limit

    private static long? Number(string text) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Gib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.0} GiB");
}
