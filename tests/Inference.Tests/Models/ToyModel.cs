using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Tests.Kernels;

namespace ModelAtlas.Inference.Tests.Models;

/// <summary>A decoder of one attention layer with fixed random weights: small, quick, and each logit hangs on the whole text before it.</summary>
internal sealed class ToyModel : IDisposable
{
    public const int Vocabulary = 50;
    private const int Heads = 2;
    private const int Size = 16;
    private const int Width = Heads * Size;

    private readonly ToyAttention _attention;

    private ToyModel(string folder, ToyAttention attention) => (Folder, _attention) = (folder, attention);

    public string Folder { get; }

    public static ToyModel Create(ToyAttention attention = ToyAttention.Fused, object? config = null, int idType = 7, bool keepsLast = false, Action<OnnxWriter>? more = null, bool overflows = false)
    {
        var toy = new ToyModel(Directory.CreateTempSubdirectory("toy-model-").FullName, attention);
        File.WriteAllText(Path.Combine(toy.Folder, "config.json"), JsonSerializer.Serialize(config ?? new { model_type = "toy", num_hidden_layers = 1, vocab_size = Vocabulary, max_position_embeddings = 1200, eos_token_id = 0 }));
        var graph = attention == ToyAttention.Plain ? Plain(idType) : Fused(idType);
        Head(graph, attention, keepsLast, overflows);
        more?.Invoke(graph);
        File.WriteAllBytes(Path.Combine(toy.Folder, "model.onnx"), graph.Model());
        return toy;
    }

    /// <summary>A toy whose texts only end when they are stopped.</summary>
    public static ToyModel CreateEndless() => Create(config: new { model_type = "toy", num_hidden_layers = 1, vocab_size = Vocabulary, max_position_embeddings = 200_000 });

    /// <param name="whole">With the logits behind each token.</param>
    public LoadedModel Load(int slots = 1, bool whole = false) => LoadedModel.Load(Folder, new(_attention == ToyAttention.Narrow ? WeightsWish.Auto : WeightsWish.Stored, DeviceWish.Cpu, slots, Threads: 1) { WholeLogits = whole });

    public void Write(string name, object json) => File.WriteAllText(Path.Combine(Folder, name), JsonSerializer.Serialize(json));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static OnnxWriter Fused(int idType) =>
        Ports(idType)
            .Longs("one", [1], 1).Longs("axis", [1], 1)
            .Node("Cast", ["attention_mask"], ["mask64"], "", OnnxWriter.Whole("to", 7))
            .Node("ReduceSum", ["mask64", "axis"], ["lengths"], "", OnnxWriter.Whole("keepdims", 1))
            .Node("Sub", ["lengths", "one"], ["last"])
            .Node("Cast", ["last"], ["seqlens"], "", OnnxWriter.Whole("to", 6))
            .Node("Shape", ["attention_mask"], ["sizes"])
            .Longs("second", [], 1)
            .Node("Gather", ["sizes", "second"], ["total64"])
            .Node("Cast", ["total64"], ["total"], "", OnnxWriter.Whole("to", 6))
            .Node("GroupQueryAttention", ["q", "k", "v", "past_key_values.0.key", "past_key_values.0.value", "seqlens", "total"], ["seen", "present.0.key", "present.0.value"], "com.microsoft",
                OnnxWriter.Whole("num_heads", Heads), OnnxWriter.Whole("kv_num_heads", Heads));

    private static OnnxWriter Plain(int idType)
    {
        var graph = Ports(idType).Longs("split", [4], 0, 0, Heads, Size).Longs("join", [3], 0, 0, Width);
        foreach (var part in new[] { "q", "k", "v" })
            graph.Node("Reshape", [part, "split"], [part + "4"]).Node("Transpose", [part + "4"], [part + "h"], "", Perm("perm", 0, 2, 1, 3));
        return graph.Node("Concat", ["past_key_values.0.key", "kh"], ["present.0.key"], "", OnnxWriter.Whole("axis", 2))
            .Node("Concat", ["past_key_values.0.value", "vh"], ["present.0.value"], "", OnnxWriter.Whole("axis", 2))
            .Node("Transpose", ["present.0.key"], ["kt"], "", Perm("perm", 0, 1, 3, 2))
            .Node("MatMul", ["qh", "kt"], ["raw"])
            .Floats("scale", [], [1 / MathF.Sqrt(Size)])
            .Node("Mul", ["raw", "scale"], ["scaled"])
            // A query sees the keys up to its own place: total - length + its number.
            .Node("Shape", ["present.0.key"], ["ks"]).Node("Shape", ["qh"], ["qs"]).Longs("two", [], 2).Longs("zero", [], 0).Longs("unit", [], 1).Longs("col", [1], 1)
            .Node("Gather", ["ks", "two"], ["kn"]).Node("Gather", ["qs", "two"], ["qn"]).Node("Sub", ["kn", "qn"], ["from"])
            .Node("Range", ["from", "kn", "unit"], ["qi"]).Node("Unsqueeze", ["qi", "col"], ["qcol"]).Node("Range", ["zero", "kn", "unit"], ["ki"])
            .Node("LessOrEqual", ["ki", "qcol"], ["sees"]).Floats("never", [], [-1e30f])
            .Node("Where", ["sees", "scaled", "never"], ["masked"])
            .Node("Softmax", ["masked"], ["weights"], "", OnnxWriter.Whole("axis", -1))
            .Node("MatMul", ["weights", "present.0.value"], ["seenh"]).Node("Transpose", ["seenh"], ["seen4"], "", Perm("perm", 0, 2, 1, 3)).Node("Reshape", ["seen4", "join"], ["seen"]);
    }

    private static OnnxWriter Ports(int idType)
    {
        var graph = new OnnxWriter()
            .Input("input_ids", idType, "batch", "length").Input("attention_mask", idType, "batch", "total")
            .Input("past_key_values.0.key", 1, "batch", Heads, "past", Size).Input("past_key_values.0.value", 1, "batch", Heads, "past", Size)
            .Output("logits", 1, "batch", "length", Vocabulary).Output("present.0.key", 1, "batch", Heads, "total", Size).Output("present.0.value", 1, "batch", Heads, "total", Size)
            .Floats("embedding", [Vocabulary, Width], Weights(1, Vocabulary * Width));
        graph.Node("Gather", ["embedding", "input_ids"], ["x"]);
        foreach (var (i, part) in new[] { "q", "k", "v" }.Index())
            graph.Floats("w" + part, [Width, Width], Weights(i + 2, Width * Width)).Node("MatMul", ["x", "w" + part], [part]);
        return graph;
    }

    private static void Head(OnnxWriter graph, ToyAttention attention, bool keepsLast, bool overflows)
    {
        graph.Node("Add", ["x", "seen"], ["sum"]);
        if (keepsLast)
            graph.Input("num_logits_to_keep", 7).Longs("axis1", [1], 1).Longs("shape1", [1], 1).Longs("far", [1], long.MaxValue)
                .Node("Neg", ["num_logits_to_keep"], ["back0"]).Node("Reshape", ["back0", "shape1"], ["back"]).Node("Slice", ["sum", "back", "far", "axis1"], ["last_part"]);
        var last = keepsLast ? "last_part" : "sum";
        if (attention == ToyAttention.Narrow)
        {
            var product = new GeneratedProduct(new Random(9), Vocabulary, Width / GeneratedProduct.Block, hasZeros: false);
            product.Write(0)(graph);
            // With activations as they are: a rounding of theirs that falls the other way would hide what a cache does.
            graph.Node("MatMulNBits", [last, "w0", "s0"], ["logits"], "com.microsoft", [.. product.Attributes().SkipLast(1), OnnxWriter.Whole("accuracy_level", 1)]);
        }
        else graph.Floats("head", [Width, Vocabulary], Weights(9, Width * Vocabulary).Select(weight => overflows ? float.PositiveInfinity : weight)).Node("MatMul", [last, "head"], ["logits"]);
    }

    private static byte[] Perm(string name, params int[] axes)
    {
        using var attribute = new MemoryStream();
        attribute.Write([0x0A, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name)]);
        foreach (var axis in axes) attribute.Write([0x40, (byte)axis]); // field 8, a number each
        attribute.Write([0xA0, 0x01, 7]); // field 20: a list of numbers
        return attribute.ToArray();
    }

    private static IEnumerable<float> Weights(int seed, int count)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5));
    }
}
