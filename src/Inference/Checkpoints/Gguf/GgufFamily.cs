using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>What llama.cpp's converter made of one of the Hub's families, so that it can be undone.</summary>
/// <param name="ModelType">The Hub's name of it.</param>
/// <param name="Class">The class that config.json names.</param>
internal sealed record GgufFamily(string ModelType, string Class)
{
    private static readonly Dictionary<string, GgufFamily> _known = new(StringComparer.Ordinal)
    {
        ["llama"] = new("llama", "LlamaForCausalLM") { Permuted = true },
        ["granite"] = new("granite", "GraniteForCausalLM") { Permuted = true },
        ["smollm3"] = new("smollm3", "SmolLM3ForCausalLM") { Permuted = true },
        ["qwen2"] = new("qwen2", "Qwen2ForCausalLM") { AttentionBiases = null },
        ["qwen3"] = new("qwen3", "Qwen3ForCausalLM"),
        ["qwen2moe"] = new("qwen2_moe", "Qwen2MoeForCausalLM") { AttentionBiases = null },
        ["qwen3moe"] = new("qwen3_moe", "Qwen3MoeForCausalLM"),
        ["olmo2"] = new("olmo2", "Olmo2ForCausalLM") { Norms = OnlyBehind },
        ["phi3"] = new("phi3", "Phi3ForCausalLM") { Fused = true },
        ["gemma"] = new("gemma", "GemmaForCausalLM") { NormsPlusOne = true, Activation = "gelu_pytorch_tanh" },
        ["gemma2"] = new("gemma2", "Gemma2ForCausalLM") { NormsPlusOne = true, Norms = FourNorms, Activation = "gelu_pytorch_tanh" },
        ["gemma3"] = new("gemma3_text", "Gemma3ForCausalLM") { NormsPlusOne = true, Norms = FourNorms, Activation = "gelu_pytorch_tanh" },
    };

    private static Dictionary<string, string> TwoNorms => new(StringComparer.Ordinal) { ["attn_norm"] = "input_layernorm", ["ffn_norm"] = "post_attention_layernorm" };
    private static Dictionary<string, string> OnlyBehind => new(StringComparer.Ordinal) { ["post_attention_norm"] = "post_attention_layernorm", ["post_ffw_norm"] = "post_feedforward_layernorm" };
    private static Dictionary<string, string> FourNorms => new(StringComparer.Ordinal)
    {
        ["attn_norm"] = "input_layernorm",
        ["post_attention_norm"] = "post_attention_layernorm",
        ["ffn_norm"] = "pre_feedforward_layernorm",
        ["post_ffw_norm"] = "post_feedforward_layernorm",
    };

    /// <summary>Rows of queries and keys are in the order of interleaved rotary pairs.</summary>
    public bool Permuted { get; init; }

    public bool NormsPlusOne { get; init; }

    /// <summary>Queries, keys and values are one tensor, the two inputs of the feed-forward part another.</summary>
    public bool Fused { get; init; }

    public string Activation { get; init; } = "silu";

    /// <summary>Null: the family says nothing of biases, because it has them always.</summary>
    public bool? AttentionBiases { get; init; } = false;

    public IReadOnlyDictionary<string, string> Norms { get; init; } = TwoNorms;

    public static GgufFamily Of(GgufMetadata metadata) => _known.GetValueOrDefault(metadata.Architecture)
        ?? throw new ModelRefusedException($"{metadata.Path} holds a model of the architecture {OnnxReader.Shown(metadata.Architecture)}, which this engine does not read from GGUF: use the same model as safetensors or ONNX.");
}
