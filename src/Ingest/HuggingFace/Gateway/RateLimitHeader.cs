using System.Globalization;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>One bucket of <c>RateLimit</c> (<c>"api";r=499;t=251</c>) or <c>RateLimit-Policy</c> (<c>"fixed window";"api";q=500;w=300</c>).</summary>
internal readonly record struct RateLimitItem(string Bucket, IReadOnlyDictionary<string, long> Values)
{
    public long? this[string key] => Values.TryGetValue(key, out var value) ? value : null;
}

/// <summary>Reads both headers. Several buckets may stand in one; whatever does not parse is left out.</summary>
internal static class RateLimitHeader
{
    private const int MaxLength = 4096;

    public static IEnumerable<RateLimitItem> Read(IEnumerable<string> headers)
    {
        foreach (var header in headers)
        {
            if (header.Length > MaxLength) continue;
            foreach (var item in Split(header, ','))
            {
                string? bucket = null;
                var values = new Dictionary<string, long>(StringComparer.Ordinal);
                foreach (var part in Split(item, ';'))
                {
                    if (part is ['"', .. var quoted, '"']) bucket = quoted;
                    else if (part.Split('=', 2) is [var key, var text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) values[key] = number;
                    else if (!part.Contains('=', StringComparison.Ordinal) && part.Length > 0) bucket ??= part;
                }
                if (bucket is not null && values.Count > 0) yield return new(bucket, values);
            }
        }
    }

    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"') quoted = !quoted;
            if (i < text.Length && (text[i] != separator || quoted)) continue;
            parts.Add(text[start..i].Trim());
            start = i + 1;
        }
        return parts;
    }
}
