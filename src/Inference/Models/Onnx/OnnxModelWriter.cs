using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>An attribute of a node: a whole number, a real one, or a word.</summary>
internal readonly record struct OnnxAttribute(string Name, long? Whole, float? Real, string? Word, long[]? List = null)
{
    public static implicit operator OnnxAttribute((string Name, int Value) given) => new(given.Name, given.Value, null, null);
    public static implicit operator OnnxAttribute((string Name, float Value) given) => new(given.Name, null, given.Value, null);
    public static implicit operator OnnxAttribute((string Name, string Value) given) => new(given.Name, null, null, given.Value);
    public static implicit operator OnnxAttribute((string Name, long[] Value) given) => new(given.Name, null, null, null, given.Value);
}

/// <summary>Writes an ONNX model: nodes in the order in which they run, small tensors inside, large ones as places in a file beside it.</summary>
internal sealed class OnnxModelWriter
{
    private const int MicrosoftVersion = 1;

    private readonly WireWriter _graph = new();
    private readonly List<(string Key, string Value)> _notes = [];

    public void Input(string name, OnnxType type, params ReadOnlySpan<object> shape) => _graph.Message(11, Port(name, type, shape));

    public void Output(string name, OnnxType type, params ReadOnlySpan<object> shape) => _graph.Message(12, Port(name, type, shape));

    public void Node(string type, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var (domain, name) = type.Split(':') is [var given, var bare] ? (given, bare) : ("", type);
        var node = new WireWriter();
        foreach (var input in inputs) node.Text(1, input);
        foreach (var output in outputs) node.Text(2, output);
        node.Text(3, outputs[0]).Text(4, name);
        foreach (var attribute in attributes) node.Message(5, Attribute(attribute));
        if (domain.Length > 0) node.Text(7, domain);
        _graph.Message(1, node);
    }

    /// <summary>A small tensor, in the file itself.</summary>
    public void Tensor<T>(string name, OnnxType type, ReadOnlySpan<long> shape, ReadOnlySpan<T> values) where T : unmanaged =>
        _graph.Message(5, Tensor(name, type, shape).Bytes(9, MemoryMarshal.AsBytes(values)));

    public void External(string name, OnnxType type, ReadOnlySpan<long> shape, string location, long offset, long length)
    {
        var tensor = Tensor(name, type, shape);
        foreach (var (key, value) in new[] { ("location", location), ("offset", offset.ToString(CultureInfo.InvariantCulture)), ("length", length.ToString(CultureInfo.InvariantCulture)) })
            tensor.Message(13, new WireWriter().Text(1, key).Text(2, value));
        _graph.Message(5, tensor.Number(14, 1));
    }

    /// <summary>A line for whoever opens the model.</summary>
    public void Note(string key, string value) => _notes.Add((key, value));

    public byte[] Model()
    {
        var model = new WireWriter().Number(1, 10).Text(2, "ModelAtlas").Message(7, new WireWriter().Text(2, "decoder").Copy(_graph.Written));
        model.Message(8, new WireWriter().Text(1, "").Number(2, 20)).Message(8, new WireWriter().Text(1, "com.microsoft").Number(2, MicrosoftVersion));
        foreach (var (key, value) in _notes) model.Message(14, new WireWriter().Text(1, key).Text(2, value));
        return model.Written.ToArray();
    }

    private static WireWriter Tensor(string name, OnnxType type, ReadOnlySpan<long> shape)
    {
        var tensor = new WireWriter();
        foreach (var size in shape) tensor.Number(1, size);
        return tensor.Number(2, (long)type).Text(8, name);
    }

    private static WireWriter Attribute(OnnxAttribute given)
    {
        var attribute = new WireWriter().Text(1, given.Name);
        if (given.Whole is { } whole) return attribute.Number(3, whole).Number(20, 2);
        if (given.Real is { } real) return attribute.Real(2, real).Number(20, 1);
        if (given.Word is { } word) return attribute.Text(4, word).Number(20, 3);
        foreach (var number in given.List ?? []) attribute.Number(8, number);
        return attribute.Number(20, 7);
    }

    /// <param name="shape">A number, or the name of a dimension that is free.</param>
    private static WireWriter Port(string name, OnnxType type, ReadOnlySpan<object> shape)
    {
        var dimensions = new WireWriter();
        foreach (var size in shape)
            dimensions.Message(1, size is string free ? new WireWriter().Text(2, free) : new WireWriter().Number(1, Convert.ToInt64(size, CultureInfo.InvariantCulture)));
        return new WireWriter().Text(1, name).Message(2, new WireWriter().Message(1, new WireWriter().Number(1, (long)type).Message(2, dimensions)));
    }
}
