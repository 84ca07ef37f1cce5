using System.Text.Json;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>Looks at an answer without building anything: is it whole, and of which kind.</summary>
internal static class HubJson
{
    /// <summary>How deep an element may nest is its reader's affair.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000_000 };

    public static bool IsWhole(ReadOnlySpan<byte> json) => Root(json) is not JsonTokenType.None;

    /// <summary>Kind of the one value that <paramref name="json"/> is; None when it is not one whole JSON value.</summary>
    public static JsonTokenType Root(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read()) return JsonTokenType.None;
            var kind = reader.TokenType;
            while (reader.Read())
            {
            }
            return kind;
        }
        catch (JsonException)
        {
            return JsonTokenType.None;
        }
    }

    /// <summary>The text of <c>{"error":"…"}</c>; null for anything else.</summary>
    public static string? ErrorOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isError = reader.ValueTextEquals("error"u8);
                reader.Read();
                if (isError) return reader.TokenType == JsonTokenType.String ? HubStatus.Short(reader.GetString() ?? "") : "";
                reader.Skip();
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
