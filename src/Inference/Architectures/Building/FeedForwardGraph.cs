using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>The feed-forward part of a layer, and its activations.</summary>
internal sealed class FeedForwardGraph(GraphBuilder graph, IProducts products)
{
    public string Write(FeedForwardDescription inner, string input)
    {
        var wide = products.Multiply(input, inner.Up);
        if (!inner.Gated) return products.Multiply(Activated(inner.Activation, wide), inner.Down);
        var half = inner.Up.Outputs / 2;
        var parts = graph.Nodes("Split", [wide, graph.Wholes(half, half)], 2, ("axis", -1));
        return products.Multiply(graph.Node("Mul", [Activated(inner.Activation, parts[0]), parts[1]]), inner.Down);
    }

    private string Activated(ActivationDescription activation, string value)
    {
        switch (activation.Kind)
        {
            case ActivationKind.Silu: return graph.Node("com.microsoft:QuickGelu", [value], ("alpha", 1f));
            case ActivationKind.GeluQuick: return graph.Node("com.microsoft:QuickGelu", [value], ("alpha", 1.702f));
            case ActivationKind.Gelu: return graph.Node("Gelu", [value]);
            case ActivationKind.GeluTanh: return graph.Node("Gelu", [value], ("approximate", "tanh"));
            case ActivationKind.Relu: return graph.Node("Relu", [value]);
            case ActivationKind.ReluSquared:
                var positive = graph.Node("Relu", [value]);
                return graph.Node("Mul", [positive, positive]);
            default: return XIelu(activation.Learned ?? [], value);
        }
    }

    /// <summary>A parabola above zero, an exponential below it, both with learned strength.</summary>
    private string XIelu(IReadOnlyList<WeightSource> learned, string value)
    {
        var (beta, epsilon) = (graph.Weights(learned[2], 1), graph.Weights(learned[3], 1));
        var above = graph.Node("Softplus", [graph.Weights(learned[0], 1)]);
        var below = graph.Node("Add", [beta, graph.Node("Softplus", [graph.Weights(learned[1], 1)])]);
        var parabola = graph.Node("Mul", [graph.Node("Mul", [value, value]), above]);
        var exponential = graph.Node("Sub", [graph.Node("Exp", [graph.Node("Min", [value, epsilon])]), graph.Real(1)]);
        var lower = graph.Node("Mul", [graph.Node("Sub", [exponential, value]), below]);
        var curve = graph.Node("Where", [graph.Node("Greater", [value, graph.Real(0)]), parabola, lower]);
        return graph.Node("Add", [curve, graph.Node("Mul", [value, beta])]);
    }
}
