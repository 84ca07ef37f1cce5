using System.Buffers;
using System.Text.Json;

namespace ModelAtlas.Testing.Hub;

/// <summary>Writes repositories as the hub answers them: default rows, expanded rows, whole details.</summary>
internal static class FakeRow
{
    private static readonly string[] DefaultFields =
        ["id", "likes", "trendingScore", "private", "downloads", "tags", "pipeline_tag", "library_name", "createdAt", "modelId"];

    private static readonly string[] AlwaysInDetail =
        ["id", "modelId", "author", "sha", "createdAt", "lastModified", "private", "gated", "disabled", "downloads", "likes", "tags"];

    public static byte[] List(ReadOnlySpan<FakeRepo> page, IReadOnlyCollection<string> expand)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var repo in page)
        {
            using var given = JsonDocument.Parse(repo.Json, new() { MaxDepth = 1000 });
            json.WriteStartObject();
            json.WriteString("_id", repo.HubId);
            foreach (var field in expand.Count > 0 ? expand.Prepend("id") : DefaultFields) Write(json, repo, given.RootElement, field);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Detail(FakeRepo repo)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        using var given = JsonDocument.Parse(repo.Json, new() { MaxDepth = 1000 });
        json.WriteStartObject();
        json.WriteString("_id", repo.HubId);
        foreach (var field in AlwaysInDetail) Write(json, repo, given.RootElement, field);
        foreach (var field in given.RootElement.EnumerateObject().Select(field => field.Name).Except(AlwaysInDetail).Where(name => name != "_id").ToList())
            Write(json, repo, given.RootElement, field);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, FakeRepo repo, JsonElement given, string field)
    {
        if (given.TryGetProperty(field, out var value))
        {
            json.WritePropertyName(field);
            json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }
        else if (repo.MadeUp(field) is { } made)
        {
            json.WritePropertyName(field);
            JsonSerializer.Serialize(json, made);
        }
    }
}
