using System.Text.Json;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>Weights out of files of a folder, which stay open until it is disposed of.</summary>
internal sealed class FolderCheckpoint(string folder, JsonElement config, Dictionary<string, Weight> weights, IDisposable files) : ICheckpoint
{
    private static readonly string[] _texts = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "generation_config.json"];

    public JsonElement Config { get; } = config;
    public IReadOnlyCollection<string> Names => weights.Keys;

    public Weight? Find(string name) => weights.GetValueOrDefault(name);

    public void WriteTexts(string to) => CopyTexts(folder, to);

    public void Dispose() => files.Dispose();

    public static void CopyTexts(string from, string to)
    {
        foreach (var name in _texts)
            if (File.Exists(Path.Combine(from, name))) File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
    }
}
