using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Playground.Shelf;

/// <summary>How far a model is on its way, in words.</summary>
internal static class ShelfWords
{
    public static string Line(ShelfJob job, DateTimeOffset now)
    {
        if (job.State == ShelfState.Waiting || job.Total == 0) return "Waiting for its turn…";
        var line = $"{Amount.Bytes(job.Done)} of {Amount.Bytes(job.Total)}";
        var seconds = job.StartedAt is { } began ? (now.UtcDateTime - began).TotalSeconds : 0;
        if (seconds > 1 && job.Done > 0)
        {
            var rate = job.Done / seconds;
            line += $", {Amount.Bytes((long)rate)}/s, {Left((job.Total - job.Done) / rate)} left";
        }
        return job.Step is { } step ? $"{line}: {step}" : line;
    }

    private static string Left(double seconds) => seconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s") : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min");
}
