using System.Text.Json;
using ModelAtlas.Inference.Checkpoints.Safetensors;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>What a folder holds, found by what lies in it.</summary>
internal static class Checkpoint
{
    /// <summary>A folder of safetensors.</summary>
    /// <exception cref="ModelRefusedException">It holds no weights that this engine reads; the message says why.</exception>
    public static ICheckpoint Open(string folderOrFile, string? baseFolder = null)
    {
        var folder = Path.GetFullPath(folderOrFile);
        var files = SafetensorsFolder.Open(folder) ?? throw Unreadable(folder);
        try
        {
            var config = ModelJson.Read(folder, "config.json") ?? throw new ModelRefusedException($"{folder} has weights but no config.json, which says what they are: fetch the whole model.");
            return new OpenCheckpoint(config, files.Tensors.ToDictionary(tensor => tensor.Key, Weight (tensor) => new PlainWeight(tensor.Value), StringComparer.Ordinal), files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static ModelRefusedException Unreadable(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => Path.GetExtension(file) is ".bin" or ".pt" or ".pth" or ".pkl")
            ? new($"{folder} holds its weights only as a pickle, which can run any program when it is read and is never loaded: find the same model as safetensors.")
            : new($"{folder} holds no weights that this engine reads (safetensors, GGUF or ONNX): fetch the whole model.");
}

/// <summary>Weights of files that stay open until it is disposed of.</summary>
internal sealed class OpenCheckpoint(JsonElement config, Dictionary<string, Weight> weights, IDisposable files) : ICheckpoint
{
    public JsonElement Config { get; } = config;
    public IReadOnlyCollection<string> Names => weights.Keys;

    public Weight? Find(string name) => weights.GetValueOrDefault(name);
    public void Dispose() => files.Dispose();
}
