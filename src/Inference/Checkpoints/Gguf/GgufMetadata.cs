using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>What a GGUF file says of its model, by key; of another kind than asked for is an error, missing is null.</summary>
internal sealed class GgufMetadata(IReadOnlyDictionary<string, object> values, string path)
{
    public string Path => path;

    public string Architecture => Text("general.architecture") ?? throw new ModelRefusedException($"{path} does not say what architecture its model has: fetch the model again.");

    public string? Text(string key) => Get<string>(key);

    public bool? Flag(string key) => values.ContainsKey(key) ? Get<object>(key) is bool flag ? flag : throw Strange(key) : null;

    public long? Whole(string key) => values.ContainsKey(key) ? Get<object>(key) is long whole ? whole : throw Strange(key) : null;

    public double? Real(string key) => Get<object>(key) switch
    {
        null => null,
        double real when double.IsFinite(real) => real,
        long whole => whole,
        _ => throw Strange(key),
    };

    public T[]? List<T>(string key) => Get<T[]>(key);

    /// <summary>One number, or one for each layer.</summary>
    public long[]? Wholes(string key) => Get<object>(key) switch
    {
        null => null,
        long one => [one],
        long[] each => each,
        _ => throw Strange(key),
    };

    private T? Get<T>(string key) where T : class => !values.TryGetValue(key, out var value) ? null : value as T ?? throw Strange(key);

    private ModelRefusedException Strange(string key) => new($"{path} gives {key} in a form that it never has: fetch the model again.");
}
