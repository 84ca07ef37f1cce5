using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>
/// Matrices as float32, row by row as the checkpoint has them. Where its files hold them so, the graph points there and nothing is copied; what they hold in 16 bits
/// is widened when the session is made. Several such matrices of one input stay apart: to be one they would have to be written anew.
/// </summary>
internal sealed class FloatProducts(GraphBuilder graph) : IProducts
{
    private readonly Dictionary<WeightSource, string> _shared = new(ReferenceEqualityComparer.Instance);

    public string Multiply(string input, LinearDescription linear)
    {
        var product = linear.Weight is StackedRows { Parts: var parts } && parts.All(graph.CanLink)
            ? graph.Node("Concat", [.. parts.Select(part => Product(input, part))], ("axis", -1))
            : Product(input, linear.Weight);
        return linear.Bias is { } bias ? graph.Node("Add", [product, graph.Weights(bias, bias.Rows)]) : product;
    }

    public string Head(string input, LinearDescription linear) => Multiply(input, linear);

    /// <summary>Of a table in 16 bits only the rows asked for are widened.</summary>
    public string Look(string numbers, WeightSource table) => graph.Linked(table) is { Type: not OnnxType.Float, Name: var stored }
        ? graph.Node("Cast", [graph.Node("Gather", [stored, numbers])], ("to", (int)OnnxType.Float))
        : graph.Node("Gather", [Matrix(table), numbers]);

    public string Experts(string input, string scores, ExpertsDescription experts)
    {
        long[] Shape(LinearDescription linear) => [experts.Count, linear.Outputs / experts.Count, linear.Inputs];
        string Bias(LinearDescription linear) => linear.Bias is { } bias ? graph.Weights(bias, experts.Count, linear.Outputs / experts.Count) : "";
        return graph.Node("com.microsoft:MoE",
            [input, scores, graph.Weights(experts.Up.Weight, Shape(experts.Up)), Bias(experts.Up), graph.Weights(experts.Down.Weight, Shape(experts.Down)), Bias(experts.Down)],
            ExpertAttributes.Of(experts));
    }

    private string Product(string input, WeightSource weight) => graph.Node("com.microsoft:FusedMatMul", [input, Matrix(weight)], ("transB", 1));

    private string Matrix(WeightSource source)
    {
        if (_shared.TryGetValue(source, out var name)) return name;
        return _shared[source] = graph.Linked(source) switch
        {
            { Type: OnnxType.Float, Name: var stored } => stored,
            { Name: var stored } => graph.Node("Cast", [stored], ("to", (int)OnnxType.Float)),
            null => graph.Weights(source, source.Rows, source.Width),
        };
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
