using System.Text.Json;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>A model in GGUF: weights, configuration, vocabulary and template.</summary>
internal sealed class GgufCheckpoint : ICheckpoint
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, Weight> _weights;

    private GgufCheckpoint(GgufFile file)
    {
        _file = file;
        var family = GgufFamily.Of(file.Metadata);
        Config = GgufConfig.Make(file, family);
        _weights = GgufNames.Read(file, family);
    }

    public JsonElement Config { get; }
    public IReadOnlyCollection<string> Names => _weights.Keys;

    public static GgufCheckpoint Open(string path)
    {
        var file = GgufFile.Open(path);
        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Weight? Find(string name) => _weights.GetValueOrDefault(name);

    /// <summary>Its own tokenizer; one that is not known leaves that which lies beside the file, if any.</summary>
    public void WriteTexts(string folder)
    {
        try
        {
            WriteTokenizer(folder);
        }
        catch (ModelRefusedException)
        {
            FolderCheckpoint.CopyTexts(Path.GetDirectoryName(_file.Path) ?? "", folder);
        }
    }

    /// <exception cref="ModelRefusedException">Its tokenizer is of a kind that is not known.</exception>
    public void WriteTokenizer(string folder)
    {
        if (GgufTokenizer.Make(_file.Metadata) is not { } tokenizer) return;
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), tokenizer);
        File.WriteAllBytes(Path.Combine(folder, "tokenizer_config.json"), GgufTokenizer.MakeConfig(_file.Metadata));
    }

    public void Dispose() => _file.Dispose();
}
