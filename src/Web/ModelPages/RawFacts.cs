using System.Text.Encodings.Web;
using System.Text.Json;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Web.ModelPages;

/// <summary>The stored facts field by field, in the source's own words.</summary>
internal static class RawFacts
{
    private const int Longest = 600;
    private static readonly string[] ShownElsewhere = ["siblings", "_atlas"];
    private static readonly string[] Opened = ["cardData", "config"];
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<RawFact> Read(byte[] json, HubModel? facts, FactDates dates)
    {
        if (json is [] || facts is null) return [];
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 64 });
        if (document.RootElement.ValueKind != JsonValueKind.Object) return [];
        return [.. document.RootElement.EnumerateObject().Where(field => !ShownElsewhere.Contains(field.Name, StringComparer.Ordinal)).SelectMany(field =>
            field.Value.ValueKind == JsonValueKind.Object && Opened.Contains(field.Name, StringComparer.Ordinal)
                ? field.Value.EnumerateObject().Select(entry => Fact($"{field.Name}.{entry.Name}", entry.Value))
                : [Fact(field.Name, field.Value)])];

        RawFact Fact(string name, JsonElement value) => new(name, Text(value), dates.Of(name));
    }

    private static string Text(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : JsonSerializer.Serialize(value, AsWritten);
        return text.Length > Longest ? $"{text[..Longest]}… ({text.Length:N0} characters)" : text;
    }
}
