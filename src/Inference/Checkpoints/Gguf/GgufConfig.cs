using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>config.json as the Hub would have it, made from what a GGUF file says of its model.</summary>
internal sealed class GgufConfig
{
    private readonly GgufFile _file;
    private readonly GgufMetadata _metadata;
    private readonly GgufFamily _family;
    private readonly string _prefix;
    private readonly JsonObject _config = [];

    private GgufConfig(GgufFile file, GgufFamily family)
    {
        (_file, _metadata, _family) = (file, file.Metadata, family);
        _prefix = _metadata.Architecture + ".";
    }

    public static JsonElement Make(GgufFile file, GgufFamily family)
    {
        var made = new GgufConfig(file, family);
        made.Sizes();
        made.Rotary();
        made.Family();
        made.Tokens();
        return JsonSerializer.SerializeToElement(made._config);
    }

    /// <summary>Heads of queries and of keys.</summary>
    public static (int Queries, int Keys) Heads(GgufMetadata metadata)
    {
        var queries = One(metadata, "attention.head_count") ?? throw Lacking(metadata, "attention.head_count");
        var keys = One(metadata, "attention.head_count_kv") ?? queries;
        return queries is > 0 and <= 65536 && keys is > 0 and <= 65536
            ? ((int)queries, (int)keys)
            : throw new ModelRefusedException($"{metadata.Path} gives a model {queries} attention heads and {keys} for keys, which cannot be: fetch the model again.");
    }

    public static long Experts(GgufMetadata metadata) => metadata.Whole(metadata.Architecture + ".expert_count") ?? 0;

    private static long? One(GgufMetadata metadata, string key) => metadata.Wholes($"{metadata.Architecture}.{key}") switch
    {
        null => null,
        [var first, .. var others] when others.All(other => other == first) => first,
        _ => throw new ModelRefusedException($"{metadata.Path} gives its layers different values of {key}, which this engine does not run: use another file of the model."),
    };

    private static ModelRefusedException Lacking(GgufMetadata metadata, string key) => new($"{metadata.Path} does not say {metadata.Architecture}.{key}: fetch the model again.");

    private long Need(string key) => One(_metadata, key) is > 0 and <= 1L << 40 and var value ? value : throw Lacking(_metadata, key);

    private void Sizes()
    {
        var (queries, keys) = Heads(_metadata);
        // Llama, Mistral and Mixtral are one architecture there.
        var (type, name) = _family.ModelType != "llama" ? (_family.ModelType, _family.Class)
            : Experts(_metadata) > 0 ? ("mixtral", "MixtralForCausalLM")
            : _metadata.Whole(_prefix + "attention.sliding_window") is > 0 ? ("mistral", "MistralForCausalLM")
            : ("llama", "LlamaForCausalLM");
        (_config["model_type"], _config["architectures"]) = (type, new JsonArray(name));
        var width = Need("embedding_length");
        _config["hidden_size"] = width;
        _config["num_hidden_layers"] = Need("block_count");
        _config["num_attention_heads"] = queries;
        _config["num_key_value_heads"] = keys;
        _config["intermediate_size"] = Need("feed_forward_length");
        _config["max_position_embeddings"] = Need("context_length");
        _config["rms_norm_eps"] = Rounded(_metadata.Real(_prefix + "attention.layer_norm_rms_epsilon") ?? throw Lacking(_metadata, "attention.layer_norm_rms_epsilon"));
        if (_metadata.Whole(_prefix + "attention.key_length") is { } size)
        {
            if (_metadata.Whole(_prefix + "attention.value_length") is { } other && other != size) throw new ModelRefusedException($"{_file.Path} has keys and values of different sizes, which this engine does not run from GGUF: use the same model as safetensors.");
            _config["head_dim"] = size;
        }
        _config["vocab_size"] = _file.Tensors.TryGetValue("token_embd.weight", out var embeddings) && embeddings.Shape is [var tokens, _] ? tokens : throw new ModelRefusedException($"{_file.Path} has no embeddings of tokens: fetch the whole model.");
        _config["tie_word_embeddings"] = !_file.Tensors.ContainsKey("output.weight");
        _config[_family.NormsPlusOne ? "hidden_activation" : "hidden_act"] = _family.Activation;
        if (_family.AttentionBiases is not null && type is not ("mistral" or "mixtral")) _config["attention_bias"] = _file.Tensors.ContainsKey("blk.0.attn_q.bias");
        if (type == "llama") _config["mlp_bias"] = _file.Tensors.ContainsKey("blk.0.ffn_up.bias");
    }

    private void Rotary()
    {
        _config["rope_theta"] = _metadata.Real(_prefix + "rope.freq_base") ?? 10000;
        var size = _metadata.Whole(_prefix + "attention.key_length") ?? Need("embedding_length") / Heads(_metadata).Queries;
        if (_metadata.Whole(_prefix + "rope.dimension_count") is { } turned && turned != size) _config["partial_rotary_factor"] = (double)turned / size;
        if (GgufScaling.Read(_file, _prefix, size) is { } scaling) _config["rope_scaling"] = scaling;
    }

    private void Family()
    {
        var window = _metadata.Whole(_prefix + "attention.sliding_window");
        switch (_family.ModelType)
        {
            case "gemma2" or "gemma3_text":
                var pattern = _family.ModelType == "gemma2" ? 2 : 6;
                var (layers, size) = (Need("block_count"), _metadata.Whole(_prefix + "attention.key_length") ?? 256);
                _config["head_dim"] = size;
                _config["sliding_window"] = window ?? 4096;
                if (pattern == 6) (_config["sliding_window_pattern"], _config["rope_local_base_freq"]) = (pattern, 10000.0);
                // The largest of each generation divides by the width of a head as its makers counted it.
                var largest = (pattern, layers) is (2, 46) or (6, 62);
                _config["query_pre_attn_scalar"] = largest ? Need("embedding_length") / Heads(_metadata).Queries : size;
                _config["attn_logit_softcapping"] = pattern == 2 ? _metadata.Real(_prefix + "attn_logit_softcapping") ?? 50 : null;
                _config["final_logit_softcapping"] = pattern == 2 ? _metadata.Real(_prefix + "final_logit_softcapping") ?? 30 : null;
                break;
            case "gemma":
                _config["head_dim"] = _metadata.Whole(_prefix + "attention.key_length") ?? 256;
                break;
            case "granite":
                (_config["logits_scaling"], _config["residual_multiplier"]) = (_metadata.Real(_prefix + "logit_scale") ?? 1, _metadata.Real(_prefix + "residual_scale") ?? 1);
                (_config["embedding_multiplier"], _config["attention_multiplier"]) = (_metadata.Real(_prefix + "embedding_scale") ?? 1, _metadata.Real(_prefix + "attention.scale") ?? 1);
                break;
            case "smollm3":
                _config["no_rope_layers"] = new JsonArray([.. Enumerable.Range(1, (int)Math.Min(Need("block_count"), 4096)).Select(layer => (JsonNode)(layer % 4 == 0 ? 0 : 1))]);
                break;
            case "llama" when Experts(_metadata) > 0:
                (_config["num_local_experts"], _config["num_experts_per_tok"]) = (Experts(_metadata), Need("expert_used_count"));
                break;
            case "qwen2_moe" or "qwen3_moe":
                (_config["num_experts"], _config["num_experts_per_tok"]) = (Experts(_metadata), Need("expert_used_count"));
                _config["moe_intermediate_size"] = Need("expert_feed_forward_length");
                if (_file.Tensors.TryGetValue("blk.0.ffn_gate_shexp.weight", out var shared)) _config["shared_expert_intermediate_size"] = shared.Shape[0];
                _config["norm_topk_prob"] = _family.ModelType == "qwen3_moe";
                break;
            default:
                if (_family.ModelType == "phi3") _config["original_max_position_embeddings"] = _metadata.Whole(_prefix + "rope.scaling.original_context_length") ?? Need("context_length");
                if (window is > 0) _config["sliding_window"] = window;
                break;
        }
    }

    private void Tokens()
    {
        if (_metadata.Whole("tokenizer.ggml.bos_token_id") is { } begin) _config["bos_token_id"] = begin;
        var ends = GgufTokenizer.Ends(_metadata);
        if (ends.Count > 0) _config["eos_token_id"] = ends.Count == 1 ? ends[0] : new JsonArray([.. ends.Select(end => (JsonNode)end)]);
        if (_metadata.Whole("tokenizer.ggml.padding_token_id") is { } padding) _config["pad_token_id"] = padding;
    }

    /// <summary>A file holds 32-bit numbers: 1e-5 comes back as 9.99999974e-6.</summary>
    public static double Rounded(double stored) => double.Parse(((float)stored).ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
