using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Matrices as float32, row by row as the checkpoint has them.</summary>
internal sealed class FloatProducts(GraphBuilder graph) : IProducts
{
    private readonly Dictionary<WeightSource, string> _shared = new(ReferenceEqualityComparer.Instance);

    public string Multiply(string input, LinearDescription linear)
    {
        var product = graph.Node("com.microsoft:FusedMatMul", [input, Matrix(linear.Weight)], ("transB", 1));
        return linear.Bias is { } bias ? graph.Node("Add", [product, graph.Weights(bias, bias.Rows)]) : product;
    }

    public string Head(string input, LinearDescription linear) => Multiply(input, linear);

    public string Look(string numbers, WeightSource table) => graph.Node("Gather", [Matrix(table), numbers]);

    public string Experts(string input, string scores, ExpertsDescription experts)
    {
        long[] Shape(LinearDescription linear) => [experts.Count, linear.Outputs / experts.Count, linear.Inputs];
        string Bias(LinearDescription linear) => linear.Bias is { } bias ? graph.Weights(bias, experts.Count, linear.Outputs / experts.Count) : "";
        return graph.Node("com.microsoft:MoE",
            [input, scores, graph.Weights(experts.Up.Weight, Shape(experts.Up)), Bias(experts.Up), graph.Weights(experts.Down.Weight, Shape(experts.Down)), Bias(experts.Down)],
            ExpertAttributes.Of(experts));
    }

    private string Matrix(WeightSource source)
    {
        if (!_shared.TryGetValue(source, out var name)) _shared[source] = name = graph.Weights(source, source.Rows, source.Width);
        return name;
    }
}

/// <summary>What the operators of experts want to know, whatever their weights are.</summary>
internal static class ExpertAttributes
{
    public static OnnxAttribute[] Of(ExpertsDescription experts)
    {
        List<OnnxAttribute> attributes =
        [
            ("k", experts.Used), ("normalize_routing_weights", 1), ("activation_type", "swiglu"), ("swiglu_fusion", 1), ("activation_alpha", experts.Alpha), ("activation_beta", experts.Beta),
        ];
        if (experts.Limit > 0) attributes.Add(("swiglu_limit", experts.Limit));
        return [.. attributes];
    }
}
