using System.Text.Json;
using ModelAtlas.Inference.Checkpoints.Adapters;
using ModelAtlas.Inference.Checkpoints.Gguf;
using ModelAtlas.Inference.Checkpoints.Quantised;
using ModelAtlas.Inference.Checkpoints.Safetensors;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>What a folder holds, found by what lies in it.</summary>
internal static class Checkpoint
{
    /// <summary>A GGUF file, or a folder with safetensors, with one GGUF file or with an adapter.</summary>
    /// <param name="baseFolder">The model that an adapter is merged onto; null: the one that the adapter names, in a folder relative to its own.</param>
    /// <exception cref="ModelRefusedException">It holds no weights that this engine reads; the message says why.</exception>
    public static ICheckpoint Open(string folderOrFile, string? baseFolder = null)
    {
        var folder = Path.GetFullPath(folderOrFile);
        if (File.Exists(folder)) return OpenPlain(folder);
        if (!Directory.Exists(folder)) throw new ModelRefusedException($"{folderOrFile} does not exist: name a model folder, or fetch one with ./atlas pull.");
        if (AdapterSettings.Read(folder) is { } adapter) return AdaptedCheckpoint.Open(folder, adapter, () => OpenPlain(BaseOf(folder, adapter, baseFolder)));
        return OpenPlain(folder);
    }

    private static ICheckpoint OpenPlain(string path)
    {
        var named = File.Exists(path) ? Path.GetFileName(path) : null;
        if (named is not null && !named.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) return GgufCheckpoint.Open(path);
        var folder = named is null ? path : Path.GetDirectoryName(path) ?? "";
        if (SafetensorsFolder.Open(folder, named ?? WeightsName(folder)) is not { } files) return GgufCheckpoint.Open(TheOneGguf(folder) ?? throw Unreadable(folder));
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

    /// <summary>Older quantised models give their one file a name of its own.</summary>
    private static string WeightsName(string folder)
    {
        const string Usual = "model.safetensors";
        if (File.Exists(Path.Combine(folder, Usual)) || File.Exists(Path.Combine(folder, Usual + ".index.json"))) return Usual;
        return Directory.EnumerateFiles(folder, "*.safetensors").Take(2).ToList() is [var only] ? Path.GetFileName(only) : Usual;
    }

    private static string? TheOneGguf(string folder)
    {
        var found = Directory.EnumerateFiles(folder, "*.gguf").Select(file => GgufSplit.First(file) ?? file).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(3).ToList();
        return found.Count > 1 ? throw new ModelRefusedException($"{folder} holds several GGUF files: name the one to run, such as {found[0]}.") : found.FirstOrDefault();
    }

    private static string BaseOf(string folder, AdapterSettings adapter, string? given)
    {
        if (given is not null) return Path.Exists(given) ? Path.GetFullPath(given) : throw new ModelRefusedException($"{given} does not exist: name the folder of the adapter's base.");
        var named = adapter.Base is { Length: > 0 } name ? name : throw new ModelRefusedException($"{folder} does not say which model it is an adapter of: name its folder with --base.");
        return AdapterFolder.BaseBeside(folder) ?? throw new ModelRefusedException($"{folder} is an adapter of {OnnxReader.Shown(named)}, which is no folder beside it: fetch that model, and name its folder with --base.");
    }

    public static ModelRefusedException Unreadable(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => Path.GetExtension(file) is ".bin" or ".pt" or ".pth" or ".pkl")
            ? new($"{folder} holds its weights only as a pickle, which can run any program when it is read and is never loaded: find the same model as safetensors.")
            : new($"{folder} holds no weights that this engine reads (safetensors, GGUF or ONNX): fetch the whole model.");
}
