using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>Weights from chance alone, with no token that ends a text and room for very many: what it writes means nothing and does not end by itself.</summary>
internal static class EndlessModel
{
    public const string Id = "acme/endless";
    public const int Context = 30_000;

    private const int Vocabulary = 512;
    private const int Hidden = 64;
    private const int Inner = 128;
    private const int Heads = 4;

    private static readonly (string Name, int[] Shape)[] _tensors =
    [
        ("model.embed_tokens.weight", [Vocabulary, Hidden]),
        ("model.layers.0.input_layernorm.weight", [Hidden]),
        ("model.layers.0.self_attn.q_proj.weight", [Hidden, Hidden]),
        ("model.layers.0.self_attn.k_proj.weight", [Hidden, Hidden]),
        ("model.layers.0.self_attn.v_proj.weight", [Hidden, Hidden]),
        ("model.layers.0.self_attn.o_proj.weight", [Hidden, Hidden]),
        ("model.layers.0.post_attention_layernorm.weight", [Hidden]),
        ("model.layers.0.mlp.gate_proj.weight", [Inner, Hidden]),
        ("model.layers.0.mlp.up_proj.weight", [Inner, Hidden]),
        ("model.layers.0.mlp.down_proj.weight", [Hidden, Inner]),
        ("model.norm.weight", [Hidden]),
        ("lm_head.weight", [Vocabulary, Hidden]),
    ];

    /// <param name="tokenizer">Folder of a model with as many tokens.</param>
    public static async Task<Dictionary<string, byte[]>> FilesAsync(string tokenizer, CancellationToken cancellationToken) => new()
    {
        ["config.json"] = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architectures = new[] { "LlamaForCausalLM" },
            model_type = "llama",
            hidden_size = Hidden,
            intermediate_size = Inner,
            num_hidden_layers = 1,
            num_attention_heads = Heads,
            num_key_value_heads = Heads,
            vocab_size = Vocabulary,
            max_position_embeddings = Context,
            rms_norm_eps = 1e-5,
            rope_theta = 10000.0,
            hidden_act = "silu",
            tie_word_embeddings = false,
            bos_token_id = 1,
        }),
        ["model.safetensors"] = Weights(),
        ["tokenizer.json"] = await File.ReadAllBytesAsync(Path.Combine(tokenizer, "tokenizer.json"), cancellationToken),
        ["tokenizer_config.json"] = await File.ReadAllBytesAsync(Path.Combine(tokenizer, "tokenizer_config.json"), cancellationToken),
    };

    private static byte[] Weights()
    {
        var chance = new Random(1);
        Dictionary<string, object> header = [];
        List<byte> data = [];
        foreach (var (name, shape) in _tensors)
        {
            var count = shape.Aggregate(1, (product, size) => product * size);
            float[] values = [.. Enumerable.Range(0, count).Select(_ => shape.Length == 1 ? 1 : (chance.NextSingle() - 0.5f) / 4)];
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { data.Count, data.Count + 4 * count } };
            data.AddRange(MemoryMarshal.AsBytes<float>(values));
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
