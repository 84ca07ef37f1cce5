using System.Text.Json;
using ModelAtlas.Inference.Checkpoints.Gguf;
using ModelAtlas.Inference.Checkpoints.Quantised;
using ModelAtlas.Inference.Checkpoints.Safetensors;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>What a folder holds, found by what lies in it.</summary>
internal static class Checkpoint
{
    /// <summary>A GGUF file, or a folder with safetensors or with one GGUF file.</summary>
    /// <exception cref="ModelRefusedException">It holds no weights that this engine reads; the message says why.</exception>
    public static ICheckpoint Open(string folderOrFile, string? baseFolder = null)
    {
        var folder = Path.GetFullPath(folderOrFile);
        if (File.Exists(folder)) return GgufCheckpoint.Open(folder);
        if (!Directory.Exists(folder)) throw new ModelRefusedException($"{folderOrFile} does not exist: name a model folder, or fetch one with ./atlas pull.");
        if (SafetensorsFolder.Open(folder) is not { } files) return GgufCheckpoint.Open(TheOneGguf(folder) ?? throw Unreadable(folder));
        try
        {
            var config = ModelJson.Read(folder, "config.json") ?? throw new ModelRefusedException($"{folder} has weights but no config.json, which says what they are: fetch the whole model.");
            return new FolderCheckpoint(folder, QuantisedWeights.Unpacked(config), QuantisedWeights.Read(folder, config, files.Tensors), files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static string? TheOneGguf(string folder)
    {
        var found = Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal).Take(3).ToList();
        return found.Count > 1 ? throw new ModelRefusedException($"{folder} holds several GGUF files: name the one to run, such as {found[0]}.") : found.FirstOrDefault();
    }

    private static ModelRefusedException Unreadable(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => Path.GetExtension(file) is ".bin" or ".pt" or ".pth" or ".pkl")
            ? new($"{folder} holds its weights only as a pickle, which can run any program when it is read and is never loaded: find the same model as safetensors.")
            : new($"{folder} holds no weights that this engine reads (safetensors, GGUF or ONNX): fetch the whole model.");
}
