using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>What runs through all layers. What is added to it waits for the next norm, because one operator does both.</summary>
internal sealed class ResidualStream(GraphBuilder graph, int width, string start)
{
    private string _sum = start;
    private string? _waiting;

    public string Value
    {
        get
        {
            if (_waiting is { } waiting) (_sum, _waiting) = (graph.Node("Add", [_sum, waiting]), null);
            return _sum;
        }
    }

    public void Add(string part)
    {
        _ = Value;
        _waiting = part;
    }

    public void Replace(string value) => (_sum, _waiting) = (value, null);

    /// <summary>The normed stream; the stream itself where there is no norm.</summary>
    public string Normed(NormDescription? norm)
    {
        if (norm is null) return Value;
        if (_waiting is not { } waiting) return Norms.Write(graph, _sum, norm, width);
        var (normed, sum) = (graph.Name("normed"), graph.Name("stream"));
        string[] inputs = [_sum, waiting, graph.Weights(norm.Weight, width), .. norm is { Centers: true, Bias: { } bias } ? new[] { graph.Weights(bias, width) } : []];
        graph.Onnx.Node(norm.Centers ? "com.microsoft:SkipLayerNormalization" : "com.microsoft:SkipSimplifiedLayerNormalization", inputs, [normed, "", "", sum], ("epsilon", norm.Epsilon));
        (_sum, _waiting) = (sum, null);
        return normed;
    }

    /// <summary>Only the last tokens are of interest from here on.</summary>
    public void Keep(Func<string, string> last) => (_sum, _waiting) = (last(_sum), _waiting is { } waiting ? last(waiting) : null);
}

/// <summary>A norm by itself.</summary>
internal static class Norms
{
    /// <param name="shape">Of the weights.</param>
    public static string Write(GraphBuilder graph, string value, NormDescription norm, params long[] shape)
    {
        var weight = graph.Weights(norm.Weight, shape);
        if (!norm.Centers) return graph.Node("SimplifiedLayerNormalization", [value, weight], ("axis", -1), ("epsilon", norm.Epsilon), ("stash_type", 1));
        return graph.Node("LayerNormalization", norm.Bias is { } bias ? [value, weight, graph.Weights(bias, shape)] : [value, weight], ("axis", -1), ("epsilon", norm.Epsilon));
    }
}
