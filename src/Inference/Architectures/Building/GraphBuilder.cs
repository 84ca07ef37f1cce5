using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>A graph in the making: nodes that name their outputs themselves, constants that are there once, weights that lie in the file beside it.</summary>
internal sealed class GraphBuilder(ICheckpoint checkpoint, string dataFile)
{
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public OnnxModelWriter Onnx { get; } = new();
    public DataPlan Data { get; } = new();
    public ICheckpoint Checkpoint => checkpoint;

    /// <summary>Hears when the weights are written.</summary>
    public CancellationToken Cancellation { get; set; }

    public string Node(string type, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var output = Name(type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        Onnx.Node(type, inputs, [output], attributes);
        return output;
    }

    public string[] Nodes(string type, string[] inputs, int outputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var names = Enumerable.Range(0, outputs).Select(_ => Name(type)).ToArray();
        Onnx.Node(type, inputs, names, attributes);
        return names;
    }

    public string Name(string word)
    {
        var number = _names[word] = _names.GetValueOrDefault(word) + 1;
        return $"{word}.{number}";
    }

    public string Whole(long value) => Constant($"whole {value}", OnnxType.Int64, [], [value]);

    public string Wholes(params long[] values) => Constant($"wholes {string.Join(' ', values)}", OnnxType.Int64, [values.Length], values);

    public string Real(float value) => Constant($"real {BitConverter.SingleToInt32Bits(value):x8}", OnnxType.Float, [], [value]);

    public string Reals(string name, long[] shape, float[] values) => Constant(name, OnnxType.Float, shape, values);

    /// <summary>A vector, or a small tensor, of the checkpoint as float32.</summary>
    public string Weights(WeightSource source, params long[] shape)
    {
        var name = Name("weights");
        External(name, OnnxType.Float, shape, source.Rows * source.Width * sizeof(float), stream => RowStream.WriteFloats(checkpoint, source, stream, Cancellation));
        return name;
    }

    public long External(string name, OnnxType type, long[] shape, long length, Action<Stream> write)
    {
        var offset = Data.Add(name, length, write);
        Onnx.External(name, type, shape, dataFile, offset, length);
        return offset;
    }

    /// <summary>A tensor that lies where another does, or in it.</summary>
    public void Same(string name, OnnxType type, long[] shape, long offset, long length) => Onnx.External(name, type, shape, dataFile, offset, length);

    public string Multiply(string value, float factor) => factor == 1 ? value : Node("Mul", [value, Real(factor)]);

    private string Constant<T>(string name, OnnxType type, long[] shape, T[] values) where T : unmanaged
    {
        name = name.Replace(' ', '_');
        if (_constants.Add(name)) Onnx.Tensor<T>(name, type, shape, values);
        return name;
    }
}
