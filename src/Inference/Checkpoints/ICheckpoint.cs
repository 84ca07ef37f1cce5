using System.Text.Json;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>The weights of a repository by the names that its architecture publishes, whatever they are stored as. Reading is safe from several threads.</summary>
internal interface ICheckpoint : IDisposable
{
    /// <summary>config.json in the Hub's form, also where the file holds its configuration in another.</summary>
    JsonElement Config { get; }

    /// <summary>Logical names: model.layers.0.self_attn.q_proj.weight, also where qweight, scales and zeros are stored in its place.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Null where there is no tensor of that name.</summary>
    Weight? Find(string name);

    /// <summary>Puts into a folder what reads and writes text with the model: tokenizer, chat template, how it is meant to generate.</summary>
    void WriteTexts(string folder);
}

/// <summary>By name, of a tensor that must be there.</summary>
internal static class CheckpointNames
{
    public static Weight Get(this ICheckpoint checkpoint, string name) =>
        checkpoint.Find(name) ?? throw new Models.ModelRefusedException($"The weights lack {Models.Onnx.OnnxReader.Shown(name)}, which this kind of model has: fetch the whole model.");

    public static bool Has(this ICheckpoint checkpoint, string name) => checkpoint.Find(name) is not null;
    public static IReadOnlyList<long> Shape(this ICheckpoint checkpoint, string name) => checkpoint.Get(name).Shape;
    public static StoredType Type(this ICheckpoint checkpoint, string name) => checkpoint.Get(name).Type;
    public static void Read(this ICheckpoint checkpoint, string name, long row, Span<float> rows) => checkpoint.Get(name).Read(row, rows);
    public static BlockWeights? Blocks(this ICheckpoint checkpoint, string name) => checkpoint.Get(name).Blocks;
    public static FileRange? Raw(this ICheckpoint checkpoint, string name) => checkpoint.Get(name).Raw;
}
