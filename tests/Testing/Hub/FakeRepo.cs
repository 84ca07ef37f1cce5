using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelAtlas.Testing.Hub;

/// <summary>One repository: its JSON as given, and the keys it is found and sorted by. What a given row leaves out (an old list had no <c>author</c>) is made up as the hub would have it.</summary>
public sealed class FakeRepo
{
    private FakeRepo(byte[] json, string hubId, string id, DateTime createdAt, DateTime lastModified, long trending) =>
        (Json, HubId, Id, CreatedAt, LastModified, Trending) = (json, hubId, id, createdAt, lastModified, trending);

    public byte[] Json { get; }
    public string HubId { get; }
    public string Id { get; }
    public DateTime CreatedAt { get; }
    public DateTime LastModified { get; }
    public long Trending { get; }

    public string Sha => Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"{HubId} {LastModified:O}")).AsSpan(0, 20));

    public JsonObject Document => JsonNode.Parse(Json)?.AsObject() ?? [];

    /// <summary>Null when the line has no id to serve it under.</summary>
    public static FakeRepo? TryRead(ReadOnlySpan<byte> json)
    {
        string? id = null, hubId = null;
        DateTime? created = null, modified = null;
        long trending = 0;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name, reader.TokenType)
            {
                case ("id", JsonTokenType.String): id = reader.GetString(); break;
                case ("modelId", JsonTokenType.String): id ??= reader.GetString(); break;
                case ("_id", JsonTokenType.String): hubId = reader.GetString(); break;
                case ("createdAt", JsonTokenType.String): created = Date(reader.GetString()); break;
                case ("lastModified", JsonTokenType.String): modified = Date(reader.GetString()); break;
                case ("trendingScore", JsonTokenType.Number): reader.TryGetInt64(out trending); break;
                default: reader.Skip(); break;
            }
        }
        if (id is null) return null;
        hubId ??= Hex(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 12));
        var createdAt = created ?? new DateTime(2022, 3, 2, 23, 29, 4, DateTimeKind.Utc);
        return new(json.ToArray(), hubId, id, createdAt, modified ?? createdAt, trending);
    }

    /// <summary>What the hub always answers, where the given row does not have it.</summary>
    public object? MadeUp(string field) => field switch
    {
        "_id" => HubId,
        "id" or "modelId" => Id,
        "author" => Id.Contains('/', StringComparison.Ordinal) ? Id[..Id.IndexOf('/', StringComparison.Ordinal)] : null,
        "createdAt" => Iso(CreatedAt),
        "lastModified" => Iso(LastModified),
        "sha" => Sha,
        "private" or "gated" or "disabled" => false,
        "downloads" or "likes" => 0,
        "trendingScore" => Trending,
        "tags" => Array.Empty<string>(),
        _ => null,
    };

    public static string Iso(DateTime date) => date.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTime? Date(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
