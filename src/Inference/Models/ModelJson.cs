using System.Text.Json;

namespace ModelAtlas.Inference.Models;

/// <summary>The small JSON files of a model folder, read with limits; what is missing or of another kind is null.</summary>
internal static class ModelJson
{
    private const long MostBytes = 2 * 1024 * 1024;

    /// <summary>Null when the folder has no such file.</summary>
    public static JsonElement? Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) return null;
        var file = Onnx.OnnxFile.PlainFile(path);
        if (file.Length > MostBytes) throw new ModelRefusedException($"{path} is larger than {MostBytes / 1024 / 1024} MiB, which no {name} is: fetch the model again.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file.FullName), new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw new ModelRefusedException($"{path} holds no JSON object: fetch the model again.");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new ModelRefusedException($"{path} is no JSON: fetch the model again.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"{path} cannot be read ({refused.Message}).");
        }
    }

    public static JsonElement? Member(this JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static long? Whole(this JsonElement? element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (element.Member(name) is { ValueKind: JsonValueKind.Number } value)
                return value.TryGetInt64(out var whole) ? whole : value.TryGetDouble(out var real) && real == Math.Floor(real) && Math.Abs(real) < 1e15 ? (long)real : null;
        return null;
    }

    public static double? Real(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var real) && double.IsFinite(real) ? real : null;

    public static bool? Flag(this JsonElement? element, string name) =>
        element.Member(name)?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    public static string? Text(this JsonElement? element, string name)
    {
        try
        {
            return element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException) // a lone surrogate
        {
            return null;
        }
    }

    /// <summary>A number or a list of numbers.</summary>
    public static IReadOnlyList<long>? Numbers(this JsonElement? element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } one when one.TryGetInt64(out var id) => [id],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= 1024 =>
            [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _)).Select(item => item.GetInt64())],
        _ => null,
    };
}
