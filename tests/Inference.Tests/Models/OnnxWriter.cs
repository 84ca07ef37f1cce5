using System.Text;

namespace ModelAtlas.Inference.Tests.Models;

/// <summary>Writes ONNX files, sound ones and others, without any ONNX library.</summary>
internal sealed class OnnxWriter
{
    private byte[] _graph = [];

    public OnnxWriter Node(string type, string[] inputs, string[] outputs, string domain = "", params byte[][] attributes)
    {
        var node = new MemoryStream();
        foreach (var input in inputs) Text(node, 1, input);
        foreach (var output in outputs) Text(node, 2, output);
        Text(node, 4, type);
        foreach (var attribute in attributes) Bytes(node, 5, attribute);
        if (domain.Length > 0) Text(node, 7, domain);
        return Add(1, node.ToArray());
    }

    public OnnxWriter Tensor(byte[] tensor) => Add(5, tensor);

    public OnnxWriter Floats(string name, long[] dims, IEnumerable<float> values) => Tensor(RawTensor(name, 1, dims, [.. values.SelectMany(BitConverter.GetBytes)]));

    public OnnxWriter Longs(string name, long[] dims, params long[] values) => Tensor(RawTensor(name, 7, dims, [.. values.SelectMany(BitConverter.GetBytes)]));

    public OnnxWriter External(string name, string location, string? offset = null, string? length = null)
    {
        var tensor = new MemoryStream();
        Number(tensor, 1, 4);
        Number(tensor, 2, 1);
        Text(tensor, 8, name);
        foreach (var (key, value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            if (value is not null) Bytes(tensor, 13, [.. Field(1, key), .. Field(2, value)]);
        Number(tensor, 14, 1);
        return Tensor(tensor.ToArray());
    }

    public OnnxWriter Input(string name, int type, params object[] shape) => Add(11, Port(name, type, shape));

    public OnnxWriter Output(string name, int type, params object[] shape) => Add(12, Port(name, type, shape));

    public byte[] Model()
    {
        var model = new MemoryStream();
        Number(model, 1, 8); // IR version
        Bytes(model, 7, [.. _graph, .. Field(2, "g")]);
        foreach (var (domain, version) in new[] { ("", 17), ("com.microsoft", 1) })
        {
            var opset = new MemoryStream();
            Text(opset, 1, domain);
            Number(opset, 2, version);
            Bytes(model, 8, opset.ToArray());
        }
        return model.ToArray();
    }

    public static byte[] Whole(string name, long value)
    {
        var attribute = new MemoryStream();
        Text(attribute, 1, name);
        Number(attribute, 3, value);
        Number(attribute, 20, 2);
        return attribute.ToArray();
    }

    public static byte[] Real(string name, float value)
    {
        var attribute = new MemoryStream();
        Text(attribute, 1, name);
        Varint(attribute, 2 << 3 | 5);
        attribute.Write(BitConverter.GetBytes(value));
        Number(attribute, 20, 1);
        return attribute.ToArray();
    }

    public static byte[] Graph(string name, OnnxWriter graph)
    {
        var attribute = new MemoryStream();
        Text(attribute, 1, name);
        Bytes(attribute, 6, [.. graph._graph, .. Field(2, name)]);
        Number(attribute, 20, 5);
        return attribute.ToArray();
    }

    public static byte[] RawTensor(string name, int type, long[] dims, byte[] raw)
    {
        var tensor = new MemoryStream();
        foreach (var dim in dims) Number(tensor, 1, dim);
        Number(tensor, 2, type);
        Text(tensor, 8, name);
        Bytes(tensor, 9, raw);
        return tensor.ToArray();
    }

    private OnnxWriter Add(int field, byte[] bytes)
    {
        var into = new MemoryStream();
        Bytes(into, field, bytes);
        _graph = [.. _graph, .. into.ToArray()];
        return this;
    }

    private static byte[] Port(string name, int type, object[] shape)
    {
        var (dims, tensor, kind, port) = (new MemoryStream(), new MemoryStream(), new MemoryStream(), new MemoryStream());
        foreach (var size in shape)
        {
            var dim = new MemoryStream();
            if (size is string symbol) Text(dim, 2, symbol);
            else Number(dim, 1, Convert.ToInt64(size, System.Globalization.CultureInfo.InvariantCulture));
            Bytes(dims, 1, dim.ToArray());
        }
        Number(tensor, 1, type);
        Bytes(tensor, 2, dims.ToArray());
        Bytes(kind, 1, tensor.ToArray());
        Text(port, 1, name);
        Bytes(port, 2, kind.ToArray());
        return port.ToArray();
    }

    private static byte[] Field(int field, string text)
    {
        var into = new MemoryStream();
        Text(into, field, text);
        return into.ToArray();
    }

    private static void Text(MemoryStream into, int field, string text) => Bytes(into, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(MemoryStream into, int field, byte[] bytes)
    {
        Varint(into, (ulong)field << 3 | 2);
        Varint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void Number(MemoryStream into, int field, long value)
    {
        Varint(into, (ulong)field << 3);
        Varint(into, (ulong)value);
    }

    private static void Varint(MemoryStream into, ulong value)
    {
        for (; value >= 128; value >>= 7) into.WriteByte((byte)(value | 128));
        into.WriteByte((byte)value);
    }
}
