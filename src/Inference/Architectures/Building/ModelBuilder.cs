using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Architectures.Families;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>From a checkpoint to an ONNX file and its weights: what is written is known before the first byte is.</summary>
internal sealed class ModelBuilder
{
    public const string GraphFile = "model.onnx";
    public const string DataFile = "model.onnx_data";

    private readonly GraphBuilder _graph;

    /// <param name="links">The graph may point into files of the checkpoint, which are linked beside it.</param>
    public ModelBuilder(ICheckpoint checkpoint, BuiltPrecision precision, bool links = false)
    {
        Description = Family.Describe(checkpoint);
        if (precision == BuiltPrecision.Half && !HalfProducts.Know(Description)) precision = BuiltPrecision.Int4;
        _graph = new(checkpoint, DataFile, links && precision == BuiltPrecision.Stored, precision == BuiltPrecision.Half ? OnnxType.Half : OnnxType.Float);
        DecoderGraph.Write(_graph, Description, precision switch
        {
            BuiltPrecision.Int4 => new BlockProducts(_graph, 4),
            BuiltPrecision.Int8 => new BlockProducts(_graph, 8),
            BuiltPrecision.Half => new HalfProducts(_graph),
            _ => new FloatProducts(_graph),
        });
        Graph = _graph.Onnx.Model();
    }

    public DecoderDescription Description { get; }
    public byte[] Graph { get; }
    public long DataLength => _graph.Data.Length;
    public long LinkedBytes => _graph.LinkedBytes;
    public IReadOnlyDictionary<string, string> Links => _graph.Links;

    /// <summary>Writes the weights, from the first part on that is not whole yet.</summary>
    /// <param name="progress">Hears of each part before it is written: bytes that are there, and the name of what comes next.</param>
    public void WriteData(string path, IProgress<(long Done, string Next)>? progress, CancellationToken cancellationToken)
    {
        _graph.Cancellation = cancellationToken;
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        var there = RandomAccess.GetLength(file);
        foreach (var part in _graph.Data.Parts.SkipWhile(part => part.Offset + part.Length <= there))
        {
            RandomAccess.SetLength(file, part.Offset);
            progress?.Report((part.Offset, part.Name));
            part.Write(new(file, part.Offset));
        }
        RandomAccess.SetLength(file, DataLength);
    }
}

/// <summary>How a built graph keeps its matrices.</summary>
internal enum BuiltPrecision
{
    Stored,
    Int8,
    Int4,

    /// <summary>For GPUs; 4 bits where a decoder cannot compute in 16.</summary>
    Half,
}
