using System.Globalization;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Dates as the hub writes them, in UTC, no finer than the database keeps them.</summary>
internal static class Instant
{
    public static bool TryRead(string? text, out DateTime instant)
    {
        var read = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
        instant = Round(parsed.UtcDateTime);
        return read;
    }

    /// <summary>Whole microseconds, so that a date comes back from the database as it went in.</summary>
    public static DateTime Round(DateTime instant) => new(instant.Ticks / 10 * 10, DateTimeKind.Utc);
}
