using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Matrices and activations as float16, for GPUs, whose kernels know the plain product: a matrix is turned when the session is made.</summary>
internal sealed class HalfProducts(GraphBuilder graph) : IProducts
{
    private readonly Dictionary<WeightSource, string> _shared = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a decoder can compute in 16 bits: positions and slopes that are computed in the graph, a stream that is scaled up beyond what they hold, and experts cannot.</summary>
    public static bool Know(DecoderDescription decoder) => decoder.Embedding.Multiplier <= 1 && decoder.Layers.All(layer =>
        layer is { Experts: null, Latent: null, Attention: { Alibi: null, Growth: null, Chunk: 0, Rotary: null or { Dynamic: null } }, FeedForward: { Activation.Kind: not ActivationKind.XIelu } });

    public string Multiply(string input, LinearDescription linear)
    {
        var product = graph.Node("MatMul", [input, graph.Node("Transpose", [Matrix(linear.Weight)], ("perm", [1L, 0L]))]);
        return linear.Bias is { } bias ? graph.Node("Add", [product, graph.Weights(bias, bias.Rows)]) : product;
    }

    public string Head(string input, LinearDescription linear) => graph.Node("Cast", [Multiply(input, linear)], ("to", (int)OnnxType.Float));

    public string Look(string numbers, WeightSource table) => graph.Node("Gather", [Matrix(table), numbers]);

    public string Experts(string input, string scores, ExpertsDescription experts) => throw new InvalidOperationException("No experts in 16 bits.");

    private string Matrix(WeightSource source)
    {
        if (!_shared.TryGetValue(source, out var name)) _shared[source] = name = graph.Weights(source, source.Rows, source.Width);
        return name;
    }
}
