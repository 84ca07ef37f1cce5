using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Architectures.Families;
using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>From a checkpoint to an ONNX file and its weights: what is written is known before the first byte is.</summary>
internal sealed class ModelBuilder
{
    public const string GraphFile = "model.onnx";
    public const string DataFile = "model.onnx_data";

    private readonly GraphBuilder _graph;

    public ModelBuilder(ICheckpoint checkpoint, BuiltPrecision precision)
    {
        Description = Family.Describe(checkpoint);
        _graph = new(checkpoint, DataFile);
        DecoderGraph.Write(_graph, Description, precision switch { BuiltPrecision.Int4 => new BlockProducts(_graph, 4), BuiltPrecision.Int8 => new BlockProducts(_graph, 8), _ => new FloatProducts(_graph) });
        Graph = _graph.Onnx.Model();
    }

    public DecoderDescription Description { get; }
    public byte[] Graph { get; }
    public long DataLength => _graph.Data.Length;

    /// <summary>Writes the weights, from the first part on that is not whole yet.</summary>
    public void WriteData(string path, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        _graph.Cancellation = cancellationToken;
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 16);
        var done = _graph.Data.Parts.TakeWhile(part => part.Offset + part.Length <= file.Length).Count();
        foreach (var part in _graph.Data.Parts.Skip(done))
        {
            file.SetLength(part.Offset);
            file.Position = part.Offset;
            part.Write(file);
            progress?.Report(file.Position);
        }
        file.SetLength(DataLength);
    }
}

/// <summary>How a built graph keeps its matrices.</summary>
internal enum BuiltPrecision
{
    Stored,
    Int8,
    Int4,
}
