using System.Globalization;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Playground.Shelf;

/// <summary>How far a model is on its way, in words.</summary>
internal static class ShelfWords
{
    public static string Line(ShelfJob job, DateTimeOffset now)
    {
        if (job.State == ShelfState.Waiting || job.Total == 0) return "Waiting for its turn…";
        var line = $"{Bytes(job.Done)} of {Bytes(job.Total)}";
        var seconds = job.StartedAt is { } began ? (now.UtcDateTime - began).TotalSeconds : 0;
        if (seconds > 1 && job.Done > 0)
        {
            var rate = job.Done / seconds;
            line += $", {Bytes((long)rate)}/s, {Left((job.Total - job.Done) / rate)} left";
        }
        return job.Step is { } step ? $"{line}: {step}" : line;
    }

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };

    private static string Left(double seconds) => seconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s") : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min");
}
