using System.Buffers;
using System.Text;

namespace ModelAtlas.Tools.BuiltInModel.Export;

/// <summary>Writes an ONNX file: the handful of protobuf messages that a decoder needs.</summary>
internal sealed class GraphFile
{
    private const int FloatType = 1, ByteType = 2, LongType = 7, HalfType = 10;

    private readonly ArrayBufferWriter<byte> _graph = new();

    public void Node(string type, string[] inputs, string output, params byte[][] attributes) => Node(type, inputs, [output], "", attributes);

    public void Node(string type, string[] inputs, string[] outputs, string domain, params byte[][] attributes)
    {
        var node = new ArrayBufferWriter<byte>();
        foreach (var input in inputs) Put(node, 1, input);
        foreach (var output in outputs) Put(node, 2, output);
        Put(node, 4, type);
        foreach (var attribute in attributes) Put(node, 5, attribute);
        if (domain.Length > 0) Put(node, 7, domain);
        Put(_graph, 1, node.WrittenSpan);
    }

    public void Floats(string name, ReadOnlySpan<float> values, params long[] shape) => Tensor(name, FloatType, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), shape);

    public void Halves(string name, ReadOnlySpan<Half> values, params long[] shape) => Tensor(name, HalfType, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), shape);

    public void Bytes(string name, ReadOnlySpan<byte> values, params long[] shape) => Tensor(name, ByteType, values, shape);

    public void Longs(string name, ReadOnlySpan<long> values, params long[] shape) => Tensor(name, LongType, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), shape);

    public void Input(string name, bool isFloat, params object[] shape) => Put(_graph, 11, Port(name, isFloat, shape));

    public void Output(string name, bool isFloat, params object[] shape) => Put(_graph, 12, Port(name, isFloat, shape));

    public byte[] Model(string producer)
    {
        var model = new ArrayBufferWriter<byte>();
        Put(model, 1, 8); // the version of the file format
        Put(model, 2, producer);
        Put(_graph, 2, "decoder");
        Put(model, 7, _graph.WrittenSpan);
        foreach (var (domain, version) in new[] { ("", 17), ("com.microsoft", 1) })
        {
            var opset = new ArrayBufferWriter<byte>();
            Put(opset, 1, domain);
            Put(opset, 2, version);
            Put(model, 8, opset.WrittenSpan);
        }
        return model.WrittenSpan.ToArray();
    }

    public static byte[] Whole(string name, long value)
    {
        var attribute = new ArrayBufferWriter<byte>();
        Put(attribute, 1, name);
        Put(attribute, 3, value);
        Put(attribute, 20, 2);
        return attribute.WrittenSpan.ToArray();
    }

    public static byte[] Real(string name, float value)
    {
        var attribute = new ArrayBufferWriter<byte>();
        Put(attribute, 1, name);
        attribute.Write<byte>([(2 << 3) | 5]);
        attribute.Write<byte>(BitConverter.GetBytes(value));
        Put(attribute, 20, 1);
        return attribute.WrittenSpan.ToArray();
    }

    private void Tensor(string name, int type, ReadOnlySpan<byte> values, long[] shape)
    {
        var tensor = new ArrayBufferWriter<byte>(values.Length + 256);
        foreach (var size in shape) Put(tensor, 1, size);
        Put(tensor, 2, type);
        Put(tensor, 8, name);
        Put(tensor, 9, values);
        Put(_graph, 5, tensor.WrittenSpan);
    }

    private static ReadOnlySpan<byte> Port(string name, bool isFloat, object[] shape)
    {
        var (dimensions, tensor, type, port) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        foreach (var size in shape)
        {
            var dimension = new ArrayBufferWriter<byte>();
            if (size is int known) Put(dimension, 1, known);
            else Put(dimension, 2, (string)size);
            Put(dimensions, 1, dimension.WrittenSpan);
        }
        Put(tensor, 1, isFloat ? FloatType : LongType);
        Put(tensor, 2, dimensions.WrittenSpan);
        Put(type, 1, tensor.WrittenSpan);
        Put(port, 1, name);
        Put(port, 2, type.WrittenSpan);
        return port.WrittenSpan;
    }

    private static void Put(ArrayBufferWriter<byte> into, int field, string text) => Put(into, field, Encoding.UTF8.GetBytes(text));

    private static void Put(ArrayBufferWriter<byte> into, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(into, ((ulong)field << 3) | 2);
        Varint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void Put(ArrayBufferWriter<byte> into, int field, long value)
    {
        Varint(into, (ulong)field << 3);
        Varint(into, (ulong)value);
    }

    private static void Varint(ArrayBufferWriter<byte> into, ulong value)
    {
        for (; value >= 128; value >>= 7) into.Write<byte>([(byte)(value | 128)]);
        into.Write<byte>([(byte)value]);
    }
}
