using ModelAtlas.Inference.Kernels;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Small changes to a published graph that make it faster here; everything else is copied byte by byte.</summary>
/// <param name="QuickActivations">4-bit and 8-bit products whose precision of activations is left open compute with 8-bit ones, which is twice as fast.</param>
/// <param name="OwnProducts">4-bit products with 8-bit activations are computed by our kernel, and nodes around them joined (<see cref="NodeFusion"/>).</param>
/// <param name="LogitsOutput">Only the last token's logits are computed of this output: a prompt needs no others. Null leaves all.</param>
internal sealed record GraphRewriter(bool QuickActivations, bool OwnProducts, string? LogitsOutput)
{
    /// <summary>Caches of the graph that may be kept in 16 bits (<see cref="NarrowCaches"/>).</summary>
    public IReadOnlyList<CachePort> Caches { get; init; } = [];

    private const string LastIndex = "modelatlas.last";
    private const string LastHidden = "modelatlas.last_hidden";
    private const string Level = "accuracy_level";

    /// <summary>The changed model, or null when there is nothing to change.</summary>
    public byte[]? Rewrite(ReadOnlySpan<byte> model)
    {
        var written = new WireWriter();
        var changed = false;
        for (var reader = new WireReader(model); reader.Next();)
            if (reader is { Field: 7, Kind: WireKind.Bytes } && RewriteGraph(reader.Bytes) is { } graph)
            {
                written.Bytes(7, graph);
                if (OwnProducts || Caches.Count > 0) written.Message(8, new WireWriter().Text(1, OrtCustomOperator.Domain).Number(2, 1));
                changed = true;
            }
            else written.Copy(model[reader.Start..reader.End]);
        return changed ? written.Written.ToArray() : null;
    }

    /// <summary>Whether <see cref="Rewrite"/> will give the last logits only.</summary>
    public bool TrimsLogits(ReadOnlySpan<byte> model)
    {
        for (var reader = new WireReader(model); reader.Next();)
            if (reader is { Field: 7, Kind: WireKind.Bytes }) return FindHead(new(reader.Bytes)) is not null;
        return false;
    }

    private byte[]? RewriteGraph(ReadOnlySpan<byte> graph)
    {
        var map = new NodeMap(graph);
        var head = FindHead(map);
        var instead = new Dictionary<string, WireWriter?>(StringComparer.Ordinal);
        if (OwnProducts) NodeFusion.Fuse(map, instead, IsOurs, head, LastHidden);
        var narrow = NarrowCaches.Find(map, Caches, instead);
        var written = new WireWriter();
        var changed = false;
        for (var reader = new WireReader(graph); reader.Next();)
        {
            if (reader is { Field: 1, Kind: WireKind.Bytes })
            {
                var node = OnnxNode.Read(reader.Bytes);
                var isHead = node.Outputs is [var output] && output == head;
                WireWriter? other = null;
                var isReplaced = node.Outputs is [var first, ..] && instead.TryGetValue(first, out other);
                if (isHead || isReplaced || IsOpen(node))
                {
                    changed = true;
                    if (isHead) WriteLastHidden(written, node.Inputs[0]);
                    if (!isReplaced) written.Message(1, RewriteNode(reader.Bytes, isHead, IsOpen(node)));
                    else if (other is not null) written.Message(1, other);
                    continue;
                }
            }
            else if (reader is { Field: 11 or 12 or 13, Kind: WireKind.Bytes } && narrow.Contains(WireReader.TextOf(reader.Bytes, 1)))
            {
                written.Message(reader.Field, NarrowCaches.Narrowed(reader.Bytes));
                continue;
            }
            written.Copy(graph[reader.Start..reader.End]);
        }
        return changed ? written.Written.ToArray() : null;
    }

    private bool IsOpen(OnnxNode node) => QuickActivations && node is { Operator: "MatMulNBits", Domain: "com.microsoft" } && node.Numbers.GetValueOrDefault(Level) == 0;

    private bool IsOurs(OnnxNode node) =>
        node is { Operator: "MatMulNBits", Domain: "com.microsoft", Outputs: [_], Inputs: [_, _, _] or [_, _, _, _] }
        && (IsOpen(node) || node.Numbers.GetValueOrDefault(Level) == 4)
        && node.Numbers.GetValueOrDefault("bits", 4) == 4 && node.Numbers.GetValueOrDefault("block_size") == BlockProduct.Block && node.Numbers.GetValueOrDefault("K") % BlockProduct.Block == 0;

    /// <summary>The output of the product that makes the logits, seen through what changes each of them alone; null where it is something else.</summary>
    private string? FindHead(NodeMap map)
    {
        if (LogitsOutput is not { } wanted) return null;
        for (var steps = 0; steps < 8 && map.Maker(wanted) is { } maker; steps++)
        {
            if (steps > 0 && map.Readers(wanted).Count != 1) return null; // somebody else reads all of it
            if (maker is { Operator: "MatMul", Domain: "", Inputs: [_, _], Outputs: [_] } or { Operator: "MatMulNBits", Domain: "com.microsoft", Outputs: [_] }) return wanted;
            if (maker is not { Operator: "Cast" or "Tanh", Inputs: [var next] }) return null;
            wanted = next;
        }
        return null;
    }

    private static WireWriter RewriteNode(ReadOnlySpan<byte> node, bool isHead, bool isOpen)
    {
        var written = new WireWriter();
        var inputs = 0;
        for (var reader = new WireReader(node); reader.Next();)
        {
            if (reader.Field == 1 && inputs++ == 0 && isHead) written.Text(1, LastHidden);
            else if (!(isOpen && reader is { Field: 5, Kind: WireKind.Bytes } && WireReader.TextOf(reader.Bytes, 1) == Level)) written.Copy(node[reader.Start..reader.End]);
        }
        return isOpen ? written.Message(5, Attribute(Level, 4)) : written;
    }

    /// <summary>Two nodes: the number -1, and what lies there along the tokens.</summary>
    private static void WriteLastHidden(WireWriter graph, string hidden)
    {
        var tensor = new WireWriter().Number(1, 1).Number(2, (long)OnnxType.Int64).Bytes(9, BitConverter.GetBytes(-1L));
        var value = new WireWriter().Text(1, "value").Message(5, tensor).Number(20, 4);
        graph.Message(1, new WireWriter().Text(2, LastIndex).Text(4, "Constant").Message(5, value));
        graph.Message(1, new WireWriter().Text(1, hidden).Text(1, LastIndex).Text(2, LastHidden).Text(4, "Gather").Message(5, Attribute("axis", 1)));
    }

    private static WireWriter Attribute(string name, long value) => new WireWriter().Text(1, name).Number(3, value).Number(20, 2);
}
