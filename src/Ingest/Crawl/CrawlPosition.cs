using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>What has to survive a kill: kept in <see cref="Domain.Catalog.CrawlCursor.Cursor"/> while a crawl is under way.</summary>
/// <param name="Next">The question to ask next, relative to the endpoint.</param>
/// <param name="Newest">The newest <c>lastModified</c> met: the mark of the next incremental crawl, once this one has reached its end.</param>
/// <param name="Restarts">How often the hub has refused a cursor in this run.</param>
internal sealed record CrawlPosition(string Next, DateTime? Newest = null, int Restarts = 0)
{
    public string Write() => JsonSerializer.Serialize(this, CrawlJson.Default.CrawlPosition);

    /// <summary>Null for what no version of us has written.</summary>
    public static CrawlPosition? Read(string? cursor)
    {
        try
        {
            return cursor is null ? null : JsonSerializer.Deserialize(cursor, CrawlJson.Default.CrawlPosition) is { Next.Length: > 0 } position ? position : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CrawlPosition))]
internal sealed partial class CrawlJson : JsonSerializerContext;
