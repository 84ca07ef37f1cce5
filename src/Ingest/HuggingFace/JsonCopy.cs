using System.Buffers;
using System.Text.Json;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Copies JSON from outside so that every string in it can be read: names and texts cleaned, numbers as they were written.</summary>
internal static class JsonCopy
{
    public static JsonElement Clean(ReadOnlySpan<byte> json)
    {
        var copy = new ArrayBufferWriter<byte>(json.Length + 16);
        using (var writer = new Utf8JsonWriter(copy))
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read()) Copy(reader, writer);
        }
        return JsonElement.Parse(copy.WrittenSpan);
    }

    private static void Copy(Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); break;
            case JsonTokenType.EndObject: writer.WriteEndObject(); break;
            case JsonTokenType.StartArray: writer.WriteStartArray(); break;
            case JsonTokenType.EndArray: writer.WriteEndArray(); break;
            case JsonTokenType.PropertyName: writer.WritePropertyName(CleanText.OfJson(reader.ValueSpan, reader.ValueIsEscaped, out _)); break;
            case JsonTokenType.String: writer.WriteStringValue(CleanText.OfJson(reader.ValueSpan, reader.ValueIsEscaped, out _)); break;
            case JsonTokenType.Number: writer.WriteRawValue(reader.ValueSpan); break;
            case JsonTokenType.True: writer.WriteBooleanValue(true); break;
            case JsonTokenType.False: writer.WriteBooleanValue(false); break;
            case JsonTokenType.Null: writer.WriteNullValue(); break;
        }
    }
}
