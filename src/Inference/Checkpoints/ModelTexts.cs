using ModelAtlas.Inference.Checkpoints.Gguf;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>The folder with a model's tokenizer and chat template: its own, or a temporary one for a GGUF file or an adapter, which keep them elsewhere.</summary>
public sealed class ModelTexts : IDisposable
{
    private readonly bool _temporary;

    private ModelTexts(string folder, bool temporary) => (Folder, _temporary) = (folder, temporary);

    public string Folder { get; }

    /// <param name="path">A model's folder or file.</param>
    /// <exception cref="Models.ModelRefusedException">It holds neither texts nor a model that has some.</exception>
    public static ModelTexts Open(string path)
    {
        if (Directory.Exists(path) && (HasTexts(path) || !HoldsThemElsewhere(path))) return new(path, temporary: false);
        using var checkpoint = Checkpoint.Open(path);
        var made = Directory.CreateTempSubdirectory("modelatlas-texts-").FullName;
        try
        {
            checkpoint.WriteTexts(made);
            if (checkpoint is GgufCheckpoint gguf && !File.Exists(Path.Combine(made, "tokenizer.json"))) gguf.WriteTokenizer(made); // which says why not
            return new(made, temporary: true);
        }
        catch
        {
            Directory.Delete(made, recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        if (_temporary) Directory.Delete(Folder, recursive: true);
    }

    private static bool HasTexts(string folder) => new[] { "tokenizer.json", "chat_template.jinja", "tokenizer_config.json" }.Any(name => File.Exists(Path.Combine(folder, name)));

    private static bool HoldsThemElsewhere(string folder) => File.Exists(Path.Combine(folder, Adapters.AdapterSettings.FileName)) || Directory.EnumerateFiles(folder, "*.gguf").Any();
}
