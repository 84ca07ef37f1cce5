using ModelAtlas.Inference.Kernels;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>
/// Nodes of a graph that fewer others stand in for, which give the same: 4-bit products by our kernel, several of the same activations in one, with the gate between two of them (SiLU of the one times the other); and
/// an addition with the norm of its sum.
/// </summary>
internal sealed class NodeFusion
{
    private readonly Dictionary<string, OnnxType> _constants = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _readers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WireWriter?> _instead = new(StringComparer.Ordinal); // by the first output of a node; null for one that went into another

    /// <param name="isOurs">Whether our kernel may compute this product, as far as its own attributes say.</param>
    /// <param name="head">Output of the product that makes logits: it reads <paramref name="lastHidden"/>, not what its neighbours read.</param>
    public NodeFusion(ReadOnlySpan<byte> graph, Func<OnnxNode, bool> isOurs, string? head, string lastHidden)
    {
        Read(graph);
        var products = Products(isOurs, head);
        // A branch may read any name without saying so here.
        var hasBranches = _nodes.Exists(node => node.Operator is "If" or "Loop" or "Scan");
        foreach (var together in products)
        {
            foreach (var product in together) _instead[product.Outputs[0]] = null;
            var gated = hasBranches ? null : Gate(together);
            _instead[together[0].Outputs[0]] = Product(together, together[0].Outputs[0] == head ? lastHidden : together[0].Inputs[0], gated);
        }
        if (!hasBranches) FuseNorms();
    }

    /// <summary>Whether something else stands in for the node.</summary>
    /// <param name="instead">That node; null where it is part of another.</param>
    public bool Replaces(OnnxNode node, out WireWriter? instead)
    {
        instead = null;
        return node.Outputs is [var output, ..] && _instead.TryGetValue(output, out instead);
    }

    private void Read(ReadOnlySpan<byte> graph)
    {
        for (var reader = new WireReader(graph); reader.Next();)
        {
            if (reader.Kind != WireKind.Bytes) continue;
            if (reader.Field == 5) ReadConstant(reader.Bytes);
            if (reader.Field == 12) _results.Add(FirstText(reader.Bytes));
            if (reader.Field != 1) continue;
            var node = OnnxNode.Read(reader.Bytes);
            _nodes.Add(node);
            foreach (var output in node.Outputs) _makers[output] = node;
            foreach (var input in node.Inputs)
            {
                if (!_readers.TryGetValue(input, out var readers)) _readers[input] = readers = [];
                readers.Add(node);
            }
        }
    }

    private void ReadConstant(ReadOnlySpan<byte> tensor)
    {
        var (name, type) = ("", OnnxType.None);
        for (var reader = new WireReader(tensor); reader.Next();)
            if (reader is { Field: 2, Kind: WireKind.Varint }) type = (OnnxType)reader.Number;
            else if (reader is { Field: 8, Kind: WireKind.Bytes }) name = reader.Text;
        _constants[name] = type;
    }

    private static string FirstText(ReadOnlySpan<byte> message)
    {
        for (var reader = new WireReader(message); reader.Next();)
            if (reader is { Field: 1, Kind: WireKind.Bytes }) return reader.Text;
        return "";
    }

    private List<List<OnnxNode>> Products(Func<OnnxNode, bool> isOurs, string? head)
    {
        var found = new List<List<OnnxNode>>();
        var open = new Dictionary<string, List<OnnxNode>>(StringComparer.Ordinal);
        foreach (var node in _nodes)
        {
            if (!isOurs(node) || !HasConstants(node)) continue;
            var isHead = node.Outputs[0] == head;
            if (isHead || !open.TryGetValue(node.Inputs[0], out var together) || together.Count == BlockKernel.MostProducts)
            {
                found.Add(together = []);
                if (!isHead) open[node.Inputs[0]] = together;
            }
            together.Add(node);
        }
        return found;
    }

    private bool HasConstants(OnnxNode product) =>
        _constants.GetValueOrDefault(product.Inputs[1]) == OnnxType.Byte && _constants.GetValueOrDefault(product.Inputs[2]) == OnnxType.Float
        && (product.Inputs is not [_, _, _, { Length: > 0 } zeros] || _constants.GetValueOrDefault(zeros) == OnnxType.Byte);

    private static WireWriter Product(List<OnnxNode> products, string activations, string? gated)
    {
        var node = new WireWriter().Text(1, activations);
        foreach (var product in products)
            for (var input = 1; input <= 3; input++) node.Text(1, input < product.Inputs.Count ? product.Inputs[input] : "");
        if (gated is not null) return node.Text(2, gated).Text(4, OrtCustomOperator.Gated).Text(7, OrtCustomOperator.Domain);
        foreach (var product in products) node.Text(2, product.Outputs[0]);
        return node.Text(4, OrtCustomOperator.Name(products.Count)).Text(7, OrtCustomOperator.Domain);
    }

    /// <summary>Of two products x and y that are only used as x · sigmoid(x) · y: the name of that, and x is put first.</summary>
    private string? Gate(List<OnnxNode> products)
    {
        if (products is not [var first, var second] || first.Numbers.GetValueOrDefault("N") != second.Numbers.GetValueOrDefault("N")) return null;
        if (Gate(first, second) is { } gated) return gated;
        if (Gate(second, first) is not { } turned) return null;
        products.Reverse();
        return turned;
    }

    private string? Gate(OnnxNode gate, OnnxNode up)
    {
        if (OnlyReaders(gate.Outputs[0], 2) is not { } readers || readers.Find(node => node is { Operator: "Sigmoid", Domain: "" }) is not { } sigmoid || readers.Find(node => node != sigmoid) is not { } silu) return null;
        if (!IsProduct(silu, gate.Outputs[0], sigmoid.Outputs[0]) || OnlyReaders(sigmoid.Outputs[0], 1) is null || OnlyReaders(silu.Outputs[0], 1) is not [var gated]) return null;
        if (!IsProduct(gated, silu.Outputs[0], up.Outputs[0]) || OnlyReaders(up.Outputs[0], 1) is null) return null;
        foreach (var node in new[] { sigmoid, silu, gated }) _instead[node.Outputs[0]] = null;
        return gated.Outputs[0];
    }

    private static bool IsProduct(OnnxNode node, string left, string right) =>
        node is { Operator: "Mul", Domain: "", Inputs: [var one, var other], Outputs: [_] } && ((one == left && other == right) || (one == right && other == left));

    /// <summary>Those who read a name, if there are so many and it is no result of the graph.</summary>
    private List<OnnxNode>? OnlyReaders(string name, int count) => _readers.TryGetValue(name, out var readers) && readers.Count == count && !_results.Contains(name) ? readers : null;

    private void FuseNorms()
    {
        foreach (var norm in _nodes)
        {
            if (norm is not { Operator: "SimplifiedLayerNormalization", Domain: "", Inputs: [var sum, var weights], Outputs: [var normed] } || norm.Epsilon is not { } epsilon) continue;
            if (norm.Numbers.GetValueOrDefault("axis", -1) != -1 || norm.Numbers.GetValueOrDefault("stash_type", 1) != 1 || _constants.GetValueOrDefault(weights) != OnnxType.Float) continue;
            if (!_makers.TryGetValue(sum, out var addition) || addition is not { Operator: "Add", Domain: "", Inputs: [var left, var right] } || _constants.ContainsKey(left) || _constants.ContainsKey(right) || _instead.ContainsKey(sum)) continue;
            _instead[normed] = null;
            _instead[sum] = new WireWriter().Text(1, left).Text(1, right).Text(1, weights).Text(2, normed).Text(2, "").Text(2, "").Text(2, sum).Text(4, "SkipSimplifiedLayerNormalization").Text(7, "com.microsoft")
                .Message(5, new WireWriter().Text(1, "epsilon").Real(2, epsilon).Number(20, 1));
        }
    }
}
