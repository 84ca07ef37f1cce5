using System.Text.Json.Nodes;

namespace ModelAtlas.Bench.Conversion;

/// <summary>A repository to be made up: its configuration, and names and shapes of its tensors in the order in which they are written.</summary>
internal sealed record GeneratedModel(string Name, JsonObject Config, IReadOnlyList<(string Name, long[] Shape)> Tensors)
{
    public long Parameters => Tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>1.24 billion parameters, in the shape of Llama 3.2.</summary>
    public static GeneratedModel Billion { get; } = Llama("billion", "llama", new(2048, 16, 32, 8, 8192, 128256, Tied: true));

    /// <summary>7.2 billion parameters, the shape of Mistral 7B.</summary>
    public static GeneratedModel Mistral { get; } = Llama("mistral-7b", "mistral", new(4096, 32, 32, 8, 14336, 32000, Tied: false));

    /// <summary>64 experts of which a token takes eight.</summary>
    public static GeneratedModel Experts { get; } = Mixture("experts-8-of-64", new(1024, 12, 16, 16, 512, 32000, Tied: false), 64, 8);

    /// <summary>What a token of <see cref="Experts"/> reads, as one model without experts.</summary>
    public static GeneratedModel Active { get; } = Llama("dense-of-8", "llama", new(1024, 12, 16, 16, 8 * 512, 32000, Tied: false));

    /// <summary>The smallest GPT-2, as published.</summary>
    public static GeneratedModel Gpt2 { get; } = OfGpt2();

    private static GeneratedModel Llama(string name, string type, Sizes sizes) =>
        new(name, ConfigOf(type, sizes), TensorsOf(sizes, layer => [.. Inner($"model.layers.{layer}.mlp", sizes)]));

    private static GeneratedModel Mixture(string name, Sizes sizes, int count, int used)
    {
        var config = ConfigOf("qwen3_moe", sizes);
        foreach (var (key, value) in new (string, JsonNode)[] { ("num_experts", count), ("num_experts_per_tok", used), ("moe_intermediate_size", sizes.Inner), ("norm_topk_prob", true), ("decoder_sparse_step", 1), ("mlp_only_layers", new JsonArray()) })
            config[key] = value;
        return new(name, config, TensorsOf(sizes, layer =>
        [
            ($"model.layers.{layer}.self_attn.q_norm.weight", [sizes.Head]), ($"model.layers.{layer}.self_attn.k_norm.weight", [sizes.Head]),
            ($"model.layers.{layer}.mlp.gate.weight", [count, sizes.Width]),
            .. Enumerable.Range(0, count).SelectMany(expert => Inner($"model.layers.{layer}.mlp.experts.{expert}", sizes)),
        ]));
    }

    private static JsonObject ConfigOf(string type, Sizes sizes) => new()
    {
        ["model_type"] = type,
        ["hidden_size"] = sizes.Width,
        ["num_hidden_layers"] = sizes.Layers,
        ["num_attention_heads"] = sizes.Heads,
        ["num_key_value_heads"] = sizes.KeyValueHeads,
        ["head_dim"] = sizes.Head,
        ["intermediate_size"] = sizes.Inner,
        ["vocab_size"] = sizes.Vocabulary,
        ["tie_word_embeddings"] = sizes.Tied,
        ["max_position_embeddings"] = 4096,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000,
        ["hidden_act"] = "silu",
        ["torch_dtype"] = "bfloat16",
    };

    private static (string, long[])[] TensorsOf(Sizes sizes, Func<int, (string, long[])[]> inner)
    {
        var (queries, keys) = (sizes.Heads * sizes.Head, sizes.KeyValueHeads * sizes.Head);
        List<(string, long[])> tensors = [("model.embed_tokens.weight", [sizes.Vocabulary, sizes.Width])];
        for (var layer = 0; layer < sizes.Layers; layer++)
        {
            var path = $"model.layers.{layer}";
            tensors.AddRange(
            [
                ($"{path}.input_layernorm.weight", [sizes.Width]), ($"{path}.post_attention_layernorm.weight", [sizes.Width]),
                ($"{path}.self_attn.q_proj.weight", [queries, sizes.Width]), ($"{path}.self_attn.k_proj.weight", [keys, sizes.Width]),
                ($"{path}.self_attn.v_proj.weight", [keys, sizes.Width]), ($"{path}.self_attn.o_proj.weight", [sizes.Width, queries]),
                .. inner(layer),
            ]);
        }
        tensors.Add(("model.norm.weight", [sizes.Width]));
        if (!sizes.Tied) tensors.Add(("lm_head.weight", [sizes.Vocabulary, sizes.Width]));
        return [.. tensors];
    }

    private static IEnumerable<(string, long[])> Inner(string path, Sizes sizes) =>
        [($"{path}.gate_proj.weight", [sizes.Inner, sizes.Width]), ($"{path}.up_proj.weight", [sizes.Inner, sizes.Width]), ($"{path}.down_proj.weight", [sizes.Width, sizes.Inner])];

    private static GeneratedModel OfGpt2()
    {
        const int Width = 768, Layers = 12, Context = 1024, Vocabulary = 50257;
        var config = new JsonObject
        {
            ["model_type"] = "gpt2",
            ["n_embd"] = Width,
            ["n_layer"] = Layers,
            ["n_head"] = 12,
            ["n_positions"] = Context,
            ["n_ctx"] = Context,
            ["vocab_size"] = Vocabulary,
            ["activation_function"] = "gelu_new",
            ["layer_norm_epsilon"] = 1e-5,
        };
        List<(string, long[])> tensors = [("wte.weight", [Vocabulary, Width]), ("wpe.weight", [Context, Width])];
        for (var layer = 0; layer < Layers; layer++)
            foreach (var (name, shape) in new (string, long[])[]
            {
                ("ln_1", [Width]), ("attn.c_attn", [Width, 3 * Width]), ("attn.c_proj", [Width, Width]), ("ln_2", [Width]), ("mlp.c_fc", [Width, 4 * Width]), ("mlp.c_proj", [4 * Width, Width]),
            })
                tensors.AddRange([($"h.{layer}.{name}.weight", shape), ($"h.{layer}.{name}.bias", [shape[^1]])]);
        tensors.AddRange([("ln_f.weight", [Width]), ("ln_f.bias", [Width])]);
        return new("gpt2", config, tensors);
    }

    private sealed record Sizes(int Width, int Layers, int Heads, int KeyValueHeads, int Inner, int Vocabulary, bool Tied)
    {
        public int Head => Width / Heads;
    }
}
