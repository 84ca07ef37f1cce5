using ModelAtlas.Inference.Kernels;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>
/// Nodes of a graph that fewer others stand in for, which give the same: 4-bit products by our kernel, several of the same activations in one, with the gate between two of them (SiLU of the one times the other); and
/// an addition with the norm of its sum.
/// </summary>
internal sealed class NodeFusion
{
    private readonly NodeMap _map;
    private readonly Dictionary<string, WireWriter?> _instead;

    private NodeFusion(NodeMap map, Dictionary<string, WireWriter?> instead) => (_map, _instead) = (map, instead);

    /// <param name="instead">Gets what stands in for nodes, by the first output of each; null for one that went into another.</param>
    /// <param name="isOurs">Whether our kernel may compute this product, as far as its own attributes say.</param>
    /// <param name="head">Output of the product that makes logits: it reads <paramref name="lastHidden"/>, not what its neighbours read.</param>
    public static void Fuse(NodeMap map, Dictionary<string, WireWriter?> instead, Func<OnnxNode, bool> isOurs, string? head, string lastHidden)
    {
        var fusion = new NodeFusion(map, instead);
        foreach (var together in fusion.Products(isOurs, head))
        {
            foreach (var product in together) instead[product.Outputs[0]] = null;
            var gated = map.HasBranches ? null : fusion.Gate(together);
            instead[together[0].Outputs[0]] = Product(together, together[0].Outputs[0] == head ? lastHidden : together[0].Inputs[0], gated);
        }
        if (!map.HasBranches) fusion.FuseNorms();
    }

    private List<List<OnnxNode>> Products(Func<OnnxNode, bool> isOurs, string? head)
    {
        var found = new List<List<OnnxNode>>();
        var open = new Dictionary<string, List<OnnxNode>>(StringComparer.Ordinal);
        foreach (var node in _map.Nodes)
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
        _map.Constant(product.Inputs[1]) == OnnxType.Byte && _map.Constant(product.Inputs[2]) == OnnxType.Float
        && (product.Inputs is not [_, _, _, { Length: > 0 } zeros] || _map.Constant(zeros) == OnnxType.Byte);

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
        if (OnlyReaders(gate.Outputs[0], 2) is not { } readers || readers.FirstOrDefault(node => node is { Operator: "Sigmoid", Domain: "" }) is not { } sigmoid || readers.FirstOrDefault(node => node != sigmoid) is not { } silu) return null;
        if (!IsProduct(silu, gate.Outputs[0], sigmoid.Outputs[0]) || OnlyReaders(sigmoid.Outputs[0], 1) is null || OnlyReaders(silu.Outputs[0], 1) is not [var gated]) return null;
        if (!IsProduct(gated, silu.Outputs[0], up.Outputs[0]) || OnlyReaders(up.Outputs[0], 1) is null) return null;
        foreach (var node in new[] { sigmoid, silu, gated }) _instead[node.Outputs[0]] = null;
        return gated.Outputs[0];
    }

    private static bool IsProduct(OnnxNode node, string left, string right) =>
        node is { Operator: "Mul", Domain: "", Inputs: [var one, var other], Outputs: [_] } && ((one == left && other == right) || (one == right && other == left));

    /// <summary>Those who read a name, if there are so many and it is no result of the graph.</summary>
    private IReadOnlyList<OnnxNode>? OnlyReaders(string name, int count) => _map.Readers(name) is var readers && readers.Count == count && !_map.IsResult(name) ? readers : null;

    private void FuseNorms()
    {
        foreach (var norm in _map.Nodes)
        {
            if (norm is not { Operator: "SimplifiedLayerNormalization", Domain: "", Inputs: [var sum, var weights], Outputs: [var normed] } || !norm.Fractions.TryGetValue("epsilon", out var epsilon)) continue;
            if (norm.Numbers.GetValueOrDefault("axis", -1) != -1 || norm.Numbers.GetValueOrDefault("stash_type", 1) != 1 || _map.Constant(weights) != OnnxType.Float) continue;
            if (_map.Maker(sum) is not { Operator: "Add", Domain: "", Inputs: [var left, var right] } || _map.Constant(left) is not null || _map.Constant(right) is not null || _instead.ContainsKey(sum)) continue;
            _instead[normed] = null;
            _instead[sum] = new WireWriter().Text(1, left).Text(1, right).Text(1, weights).Text(2, normed).Text(2, "").Text(2, "").Text(2, sum).Text(4, "SkipSimplifiedLayerNormalization").Text(7, "com.microsoft")
                .Message(5, new WireWriter().Text(1, "epsilon").Real(2, epsilon).Number(20, 1));
        }
    }
}
