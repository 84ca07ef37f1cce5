using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>A graph in the making: nodes that name their outputs themselves, constants that are there once, weights that lie in the file beside it.</summary>
/// <param name="real">Float or Half: what is computed in.</param>
internal sealed class GraphBuilder(ICheckpoint checkpoint, string dataFile, bool links = false, OnnxType real = OnnxType.Float)
{
    private const int LeastLinked = 1024;

    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<(FileRange, long), string> _linked = [];

    public OnnxModelWriter Onnx { get; } = new();
    public DataPlan Data { get; } = new();
    public ICheckpoint Checkpoint => checkpoint;
    public OnnxType RealType => real;
    public int RealBytes => real == OnnxType.Half ? 2 : sizeof(float);

    /// <summary>Files of the checkpoint that the graph points into, and the names that they have beside it.</summary>
    public IReadOnlyDictionary<string, string> Links => _links;

    public long LinkedBytes => _linked.Keys.Sum(key => key.Item1.Length);

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

    public string Real(float value)
    {
        var name = $"real {BitConverter.SingleToInt32Bits(value):x8}";
        return real == OnnxType.Half ? Constant(name, real, [], [(Half)value]) : Constant(name, real, [], [value]);
    }

    public string Reals(string name, long[] shape, float[] values) => Constant(name, OnnxType.Float, shape, values);

    /// <summary>A vector, or a small tensor, of the checkpoint.</summary>
    public string Weights(WeightSource source, params long[] shape)
    {
        var name = Name("weights");
        var length = source.Rows * source.Width * RealBytes;
        Same(name, real, shape, Data.Add(source.Names.FirstOrDefault() ?? name, length, output => RowStream.WriteReals(checkpoint, source, output, real, Cancellation)), length);
        return name;
    }

    /// <summary>Whether a matrix lies in a file of the checkpoint as a graph can read it.</summary>
    public bool CanLink(WeightSource source) =>
        links && source.Place(checkpoint, 0, source.Rows) is var (range, type) && range.Length >= LeastLinked && range.Offset % StoredNumbers.Size(type) == 0;

    /// <summary>Such a matrix, of which nothing is written anew.</summary>
    public (string Name, OnnxType Type)? Linked(WeightSource source)
    {
        if (!CanLink(source) || source.Place(checkpoint, 0, source.Rows) is not var (range, stored)) return null;
        var type = stored switch { StoredType.F32 => OnnxType.Float, StoredType.F16 => OnnxType.Half, _ => OnnxType.BFloat16 };
        if (_linked.TryGetValue((range, source.Width), out var known)) return (known, type);
        if (!_links.TryGetValue(range.Path, out var file)) _links[range.Path] = file = $"stored-{_links.Count + 1}.weights";
        var name = _linked[(range, source.Width)] = Name("stored");
        Onnx.External(name, type, [source.Rows, source.Width], file, range.Offset, range.Length);
        return (name, type);
    }

    public long External(string name, OnnxType type, long[] shape, long length, Action<PartOutput> write)
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
