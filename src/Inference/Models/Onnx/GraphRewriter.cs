using System.Buffers;
using System.Text;
using ModelAtlas.Inference.Kernels;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Small changes to a published graph that make it faster here; everything else is copied byte by byte.</summary>
/// <param name="QuickActivations">4-bit and 8-bit products whose precision of activations is left open compute with 8-bit ones, which is twice as fast.</param>
/// <param name="OwnProducts">4-bit products with 8-bit activations are computed by our kernel (<see cref="OrtCustomOperator"/>), several of the same activations by one node.</param>
/// <param name="LogitsOutput">Only the last token's logits are computed of this output: a prompt needs no others. Null leaves all.</param>
internal sealed record GraphRewriter(bool QuickActivations, bool OwnProducts, string? LogitsOutput)
{
    private const string LastIndex = "modelatlas.last";
    private const string LastHidden = "modelatlas.last_hidden";
    private const string Level = "accuracy_level";

    /// <summary>The changed model, or null when there is nothing to change.</summary>
    public byte[]? Rewrite(ReadOnlySpan<byte> model)
    {
        var written = new ArrayBufferWriter<byte>(model.Length + 65536);
        var changed = false;
        for (var reader = new WireReader(model); reader.Next();)
            if (reader is { Field: 7, Kind: WireKind.Bytes } && RewriteGraph(reader.Bytes) is { } graph)
            {
                WriteBytes(written, 7, graph);
                changed = true;
                if (OwnProducts)
                {
                    var import = new ArrayBufferWriter<byte>();
                    WriteText(import, 1, OrtCustomOperator.Domain);
                    WriteNumber(import, 2, 1);
                    WriteBytes(written, 8, import.WrittenSpan);
                }
            }
            else written.Write(model[reader.Start..reader.End]);
        return changed ? written.WrittenSpan.ToArray() : null;
    }

    /// <summary>Whether <see cref="Rewrite"/> will give the last logits only.</summary>
    public bool TrimsLogits(ReadOnlySpan<byte> model)
    {
        for (var reader = new WireReader(model); reader.Next();)
            if (reader is { Field: 7, Kind: WireKind.Bytes }) return FindHead(reader.Bytes) is not null;
        return false;
    }

    private byte[]? RewriteGraph(ReadOnlySpan<byte> graph)
    {
        var head = FindHead(graph);
        var products = OwnProducts ? FindProducts(graph, head) : [];
        var written = new ArrayBufferWriter<byte>(graph.Length + 65536);
        var changed = false;
        for (var reader = new WireReader(graph); reader.Next();)
        {
            if (reader is { Field: 1, Kind: WireKind.Bytes })
            {
                var node = OnnxNode.Read(reader.Bytes);
                var isHead = node.Outputs is [var output] && output == head;
                var together = node.Outputs is [var made, ..] ? products.GetValueOrDefault(made) : null;
                var isOpen = IsOpen(node);
                if (isHead || isOpen || together is not null)
                {
                    changed = true;
                    if (isHead) WriteLastHidden(written, node.Inputs[0]);
                    if (together is null) WriteBytes(written, 1, RewriteNode(reader.Bytes, isHead, isOpen));
                    else if (together[0].Outputs[0] == node.Outputs[0]) WriteProducts(written, isHead ? LastHidden : node.Inputs[0], together);
                    continue;
                }
            }
            written.Write(graph[reader.Start..reader.End]);
        }
        return changed ? written.WrittenSpan.ToArray() : null;
    }

    private bool IsOpen(OnnxNode node) => QuickActivations && node is { Operator: "MatMulNBits", Domain: "com.microsoft" } && node.Numbers.GetValueOrDefault(Level) == 0;

    /// <summary>Products that our kernel computes, by the names of their outputs: those of the same activations together, up to as many as it takes.</summary>
    private Dictionary<string, List<OnnxNode>> FindProducts(ReadOnlySpan<byte> graph, string? head)
    {
        var constants = new Dictionary<string, OnnxType>(StringComparer.Ordinal);
        for (var reader = new WireReader(graph); reader.Next();)
            if (reader is { Field: 5, Kind: WireKind.Bytes } && NameOf(reader.Bytes, 8) is { } name) constants[name] = TypeOf(reader.Bytes);
        var found = new Dictionary<string, List<OnnxNode>>(StringComparer.Ordinal);
        var open = new Dictionary<string, List<OnnxNode>>(StringComparer.Ordinal);
        for (var reader = new WireReader(graph); reader.Next();)
        {
            if (reader is not { Field: 1, Kind: WireKind.Bytes }) continue;
            var node = OnnxNode.Read(reader.Bytes);
            if (!IsOurs(node, constants)) continue;
            var isHead = node.Outputs[0] == head; // it reads other activations than its neighbours
            if (isHead || !open.TryGetValue(node.Inputs[0], out var together) || together.Count == BlockKernel.MostProducts) together = [];
            if (!isHead) open[node.Inputs[0]] = together;
            together.Add(node);
            found[node.Outputs[0]] = together;
        }
        return found;
    }

    private bool IsOurs(OnnxNode node, Dictionary<string, OnnxType> constants) =>
        node is { Operator: "MatMulNBits", Domain: "com.microsoft", Outputs: [_], Inputs: [_, _, _] or [_, _, _, _] }
        && (IsOpen(node) || node.Numbers.GetValueOrDefault(Level) == 4)
        && node.Numbers.GetValueOrDefault("bits", 4) == 4 && node.Numbers.GetValueOrDefault("block_size") == BlockProduct.Block && node.Numbers.GetValueOrDefault("K") % BlockProduct.Block == 0
        && constants.GetValueOrDefault(node.Inputs[1]) == OnnxType.Byte && constants.GetValueOrDefault(node.Inputs[2]) == OnnxType.Float
        && (node.Inputs is not [_, _, _, { Length: > 0 } zeros] || constants.GetValueOrDefault(zeros) == OnnxType.Byte);

    private static void WriteProducts(ArrayBufferWriter<byte> graph, string activations, List<OnnxNode> products)
    {
        var written = new ArrayBufferWriter<byte>();
        WriteText(written, 1, activations);
        foreach (var product in products)
            for (var input = 1; input <= 3; input++) WriteText(written, 1, input < product.Inputs.Count ? product.Inputs[input] : "");
        foreach (var product in products) WriteText(written, 2, product.Outputs[0]);
        WriteText(written, 4, OrtCustomOperator.Name(products.Count));
        WriteText(written, 7, OrtCustomOperator.Domain);
        WriteBytes(graph, 1, written.WrittenSpan);
    }

    /// <summary>The output of the product that makes the logits, seen through what changes each of them alone; null where it is something else.</summary>
    private string? FindHead(ReadOnlySpan<byte> graph)
    {
        if (LogitsOutput is not { } wanted) return null;
        var makers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        var readers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var reader = new WireReader(graph); reader.Next();)
        {
            if (reader is not { Field: 1, Kind: WireKind.Bytes }) continue;
            var node = OnnxNode.Read(reader.Bytes);
            foreach (var output in node.Outputs) makers[output] = node;
            foreach (var input in node.Inputs) readers[input] = readers.GetValueOrDefault(input) + 1;
        }
        for (var steps = 0; steps < 8 && makers.TryGetValue(wanted, out var maker); steps++)
        {
            if (steps > 0 && readers.GetValueOrDefault(wanted) != 1) return null; // somebody else reads all of it
            if (maker is { Operator: "MatMul", Domain: "", Inputs: [_, _], Outputs: [_] } or { Operator: "MatMulNBits", Domain: "com.microsoft", Outputs: [_] }) return wanted;
            if (maker is not { Operator: "Cast" or "Tanh", Inputs: [var next] }) return null;
            wanted = next;
        }
        return null;
    }

    private static byte[] RewriteNode(ReadOnlySpan<byte> node, bool isHead, bool isOpen)
    {
        var written = new ArrayBufferWriter<byte>(node.Length + 256);
        var inputs = 0;
        for (var reader = new WireReader(node); reader.Next();)
        {
            if (reader.Field == 1 && inputs++ == 0 && isHead) WriteText(written, 1, LastHidden);
            else if (!(isOpen && reader is { Field: 5, Kind: WireKind.Bytes } && NameOf(reader.Bytes) == Level)) written.Write(node[reader.Start..reader.End]);
        }
        if (isOpen) WriteBytes(written, 5, Attribute(Level, 4));
        return written.WrittenSpan.ToArray();
    }

    /// <summary>Two nodes: the number -1, and what lies there along the tokens.</summary>
    private static void WriteLastHidden(ArrayBufferWriter<byte> graph, string hidden)
    {
        var tensor = new ArrayBufferWriter<byte>();
        WriteNumber(tensor, 1, 1);
        WriteNumber(tensor, 2, (long)OnnxType.Int64);
        WriteBytes(tensor, 9, BitConverter.GetBytes(-1L));
        var value = new ArrayBufferWriter<byte>();
        WriteText(value, 1, "value");
        WriteBytes(value, 5, tensor.WrittenSpan);
        WriteNumber(value, 20, 4);
        WriteNode(graph, "Constant", [], LastIndex, value.WrittenSpan);
        WriteNode(graph, "Gather", [hidden, LastIndex], LastHidden, Attribute("axis", 1));
    }

    private static void WriteNode(ArrayBufferWriter<byte> graph, string type, string[] inputs, string output, ReadOnlySpan<byte> attribute)
    {
        var node = new ArrayBufferWriter<byte>();
        foreach (var input in inputs) WriteText(node, 1, input);
        WriteText(node, 2, output);
        WriteText(node, 4, type);
        WriteBytes(node, 5, attribute);
        WriteBytes(graph, 1, node.WrittenSpan);
    }

    private static byte[] Attribute(string name, long value)
    {
        var attribute = new ArrayBufferWriter<byte>();
        WriteText(attribute, 1, name);
        WriteNumber(attribute, 3, value);
        WriteNumber(attribute, 20, 2);
        return attribute.WrittenSpan.ToArray();
    }

    /// <param name="field">That of an attribute, unless another is given.</param>
    private static string? NameOf(ReadOnlySpan<byte> message, int field = 1)
    {
        for (var reader = new WireReader(message); reader.Next();)
            if (reader.Field == field && reader.Kind == WireKind.Bytes) return reader.Text;
        return null;
    }

    private static OnnxType TypeOf(ReadOnlySpan<byte> tensor)
    {
        for (var reader = new WireReader(tensor); reader.Next();)
            if (reader is { Field: 2, Kind: WireKind.Varint }) return (OnnxType)reader.Number;
        return OnnxType.None;
    }

    private static void WriteText(ArrayBufferWriter<byte> into, int field, string text) => WriteBytes(into, field, Encoding.UTF8.GetBytes(text));

    private static void WriteBytes(ArrayBufferWriter<byte> into, int field, ReadOnlySpan<byte> bytes)
    {
        WriteVarint(into, (ulong)field << 3 | (ulong)WireKind.Bytes);
        WriteVarint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> into, int field, long value)
    {
        WriteVarint(into, (ulong)field << 3);
        WriteVarint(into, (ulong)value);
    }

    private static void WriteVarint(ArrayBufferWriter<byte> into, ulong value)
    {
        for (; value >= 128; value >>= 7) into.Write([(byte)(value | 128)]);
        into.Write([(byte)value]);
    }
}
