namespace ModelAtlas.Tools.BuiltInModel.Export;

/// <summary>The trained network as a graph of the fused kind that people publish: 8-bit products in blocks, attention with shared caches.</summary>
internal static class DecoderGraph
{
    private const int Block = 32;
    private const string Fused = "com.microsoft";

    public static byte[] Write(TrainedNetwork network)
    {
        var graph = new GraphFile();
        Ports(graph, network);
        Lengths(graph);
        Rotary(graph, network);
        var table = network.Next(network.Vocabulary, network.Width).ToArray();
        graph.Halves("embed.weight", table, network.Vocabulary, network.Width);
        graph.Node("Gather", ["embed.weight", "input_ids"], "embed.half");
        graph.Node("Cast", ["embed.half"], "stream", GraphFile.Whole("to", 1));
        var stream = "stream";
        for (var layer = 0; layer < network.Layers; layer++) stream = Layer(graph, network, layer, stream);
        Norm(graph, network, "norm", stream);
        Product(graph, "logits", "norm", table, network.Width, "logits");
        network.End();
        return graph.Model("ModelAtlas built-in model");
    }

    private static void Ports(GraphFile graph, TrainedNetwork network)
    {
        graph.Input("input_ids", isFloat: false, "batch", "length");
        graph.Input("attention_mask", isFloat: false, "batch", "total");
        graph.Output("logits", isFloat: true, "batch", "length", network.Vocabulary);
        for (var layer = 0; layer < network.Layers; layer++)
            foreach (var part in new[] { "key", "value" })
            {
                graph.Input($"past_key_values.{layer}.{part}", isFloat: true, "batch", network.Heads, "past", network.HeadSize);
                graph.Output($"present.{layer}.{part}", isFloat: true, "batch", network.Heads, "total", network.HeadSize);
            }
    }

    /// <summary>Of each sequence its last place, and the width of the mask.</summary>
    private static void Lengths(GraphFile graph)
    {
        graph.Longs("one", [1], 1);
        graph.Longs("second", [1]);
        graph.Node("ReduceSum", ["attention_mask", "one"], "lengths", GraphFile.Whole("keepdims", 1));
        graph.Node("Sub", ["lengths", "one"], "last");
        graph.Node("Cast", ["last"], "last32", GraphFile.Whole("to", 6));
        graph.Node("Shape", ["attention_mask"], "sizes");
        graph.Node("Gather", ["sizes", "second"], "total");
        graph.Node("Cast", ["total"], "total32", GraphFile.Whole("to", 6));
    }

    private static void Rotary(GraphFile graph, TrainedNetwork network)
    {
        var half = network.HeadSize / 2;
        var angles = Enumerable.Range(0, network.Context).SelectMany(place => Enumerable.Range(0, half).Select(i => place * Math.Pow(network.RotaryBase, -2.0 * i / network.HeadSize))).ToArray();
        graph.Floats("cos", [.. angles.Select(angle => (float)Math.Cos(angle))], network.Context, half);
        graph.Floats("sin", [.. angles.Select(angle => (float)Math.Sin(angle))], network.Context, half);
    }

    private static string Layer(GraphFile graph, TrainedNetwork network, int layer, string stream)
    {
        var (width, inner) = (network.Width, network.Inner);
        string Name(string part) => $"layers.{layer}.{part}";
        var attentionNorm = network.Next(width);
        Norm(graph, attentionNorm, network, Name("attention.norm"), stream);
        foreach (var part in new[] { "q", "k", "v" }) Product(graph, Name(part), Name("attention.norm"), network.Next(width, width), width);
        graph.Node("GroupQueryAttention",
            [Name("q"), Name("k"), Name("v"), $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", "last32", "total32", "cos", "sin"],
            [Name("seen"), $"present.{layer}.key", $"present.{layer}.value"], Fused,
            GraphFile.Whole("num_heads", network.Heads), GraphFile.Whole("kv_num_heads", network.Heads), GraphFile.Whole("do_rotary", 1));
        Product(graph, Name("out"), Name("seen"), network.Next(width, width), width);
        graph.Node("Add", [stream, Name("out")], Name("between"));
        var innerNorm = network.Next(width);
        Norm(graph, innerNorm, network, Name("inner.norm"), Name("between"));
        Product(graph, Name("gate"), Name("inner.norm"), network.Next(inner, width), width);
        Product(graph, Name("up"), Name("inner.norm"), network.Next(inner, width), width);
        graph.Node("Sigmoid", [Name("gate")], Name("sigmoid"));
        graph.Node("Mul", [Name("gate"), Name("sigmoid")], Name("silu"));
        graph.Node("Mul", [Name("silu"), Name("up")], Name("gated"));
        Product(graph, Name("down"), Name("gated"), network.Next(width, inner), inner);
        graph.Node("Add", [Name("between"), Name("down")], Name("stream"));
        return Name("stream");
    }

    private static void Norm(GraphFile graph, TrainedNetwork network, string name, string input) => Norm(graph, network.Next(network.Width), network, name, input);

    private static void Norm(GraphFile graph, ReadOnlySpan<Half> gains, TrainedNetwork network, string name, string input)
    {
        graph.Floats(name + ".weight", Floats(gains), network.Width);
        graph.Node("SimplifiedLayerNormalization", [input, name + ".weight"], name, GraphFile.Whole("axis", -1), GraphFile.Real("epsilon", network.Epsilon), GraphFile.Whole("stash_type", 1));
    }

    /// <summary>A product with weights of 8 bits: each block of a row has a scale, 128 stands for zero.</summary>
    private static void Product(GraphFile graph, string name, string input, ReadOnlySpan<Half> weights, int columns, string? output = null)
    {
        var (rows, blocks) = (weights.Length / columns, columns / Block);
        var (bytes, scales) = (new byte[weights.Length], new float[rows * blocks]);
        for (var block = 0; block < scales.Length; block++)
        {
            var values = weights.Slice(block * Block, Block);
            var most = 0f;
            foreach (var value in values) most = Math.Max(most, Math.Abs((float)value));
            scales[block] = most / 127;
            for (var i = 0; i < Block; i++) bytes[(block * Block) + i] = (byte)(128 + (most is 0 ? 0 : (int)MathF.Round((float)values[i] / scales[block])));
        }
        graph.Bytes(name + ".weight", bytes, rows, blocks, Block);
        graph.Floats(name + ".scales", scales, rows * blocks);
        graph.Node("MatMulNBits", [input, name + ".weight", name + ".scales"], [output ?? name], Fused,
            GraphFile.Whole("K", columns), GraphFile.Whole("N", rows), GraphFile.Whole("bits", 8), GraphFile.Whole("block_size", Block), GraphFile.Whole("accuracy_level", 4));
    }

    private static float[] Floats(ReadOnlySpan<Half> halves)
    {
        var floats = new float[halves.Length];
        for (var i = 0; i < floats.Length; i++) floats[i] = (float)halves[i];
        return floats;
    }
}
