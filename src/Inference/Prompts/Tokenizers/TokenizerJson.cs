using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>Reads typed members of a tokenizer.json with one sentence for each way it can be wrong.</summary>
internal static class TokenizerJson
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string Kind(this JsonElement element, string part) =>
        element.Text("type") ?? throw new TokenizerException($"tokenizer.json: a {part} has no type");

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this JsonElement element, string name, bool otherwise = false) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => otherwise,
    };

    public static int Number(this JsonElement element, string name, int otherwise) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : otherwise;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
