using System.Globalization;
using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>One object of a configuration. What is asked of it is remembered: a setting that nobody asked for is one that the description does not know.</summary>
internal sealed class Settings(JsonElement json, string where)
{
    private const long MostSize = 1 << 24;

    /// <summary>What says nothing of how the model computes, or only of how it was trained and is shown.</summary>
    private static readonly HashSet<string> _harmless = new(StringComparer.Ordinal)
    {
        "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "use_cache", "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "decoder_start_token_id",
        "initializer_range", "init_std", "auto_map", "_name_or_path", "name_or_path", "_attn_implementation", "_attn_implementation_autoset", "attn_implementation", "use_flash_attn", "flash_attention", "_flash_attn_2_enabled",
        "attention_dropout", "attn_pdrop", "attention_probs_dropout_prob", "embd_pdrop", "embed_dropout", "embedding_dropout", "emb_pdrop", "resid_pdrop", "residual_dropout", "resid_dropout", "hidden_dropout", "hidden_dropout_prob", "dropout",
        "classifier_dropout", "classifier_dropout_prob", "activation_dropout", "layerdrop", "summary_type", "summary_use_proj", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "task_specific_params",
        "output_attentions", "output_hidden_states", "return_dict", "gradient_checkpointing", "use_return_dict", "problem_type", "id2label", "label2id", "num_labels", "finetuning_task", "tokenizer_class", "prefix", "is_decoder", "is_encoder_decoder",
        "pretraining_tp", "slow_but_exact", "skip_bias_add", "skip_bias_add_qkv", "unsloth_version", "unsloth_fixed", "quantization_config", "compression_config", "router_aux_loss_coef", "output_router_logits", "aux_loss_alpha", "seq_aux", "router_z_loss_coef",
        "ep_size", "num_nextn_predict_layers", "rotary", "cache_implementation", "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32", "inference_runner", "validate_runner_input", "pad_key_length",
        "pre_allocate_kv_cache", "max_batch_size", "max_sequence_length", "init_device", "initializer_factor", "chunk_size_feed_forward", "torchscript", "use_bfloat16", "pruned_heads",
        "tie_encoder_decoder", "cross_attention_hidden_size", "add_cross_attention", "tf_legacy_loss", "model_max_length", "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty",
        "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences", "output_scores", "return_dict_in_generate",
        "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens", "input_jitter_noise", "gradient_checkpointing_use_reentrant",
        "keys_to_ignore_at_inference", "is_llama_config", "transformers.js_config", "bias_dropout_fusion", "tokenizer_name", "init_method", "base_model_tp_plan", "base_model_pp_plan", "base_model_ep_plan", "bits", "image_token_id", "audio_token_id", "for_llm_compressor", "train_on_inputs",
    };

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Settings> _parts = new(StringComparer.Ordinal);

    public string Where { get; } = where;

    public bool Has(string name) => Find(name) is not null;

    /// <summary>A size that has to be there: a whole number above zero.</summary>
    public int Size(params ReadOnlySpan<string> names) => SizeOrNull(names) ?? throw new ModelRefusedException($"{Where} does not say {names[0]}, without which nobody knows what the weights mean: fetch the model again.");

    public int? SizeOrNull(params ReadOnlySpan<string> names)
    {
        if (Ask(names) is not { } found) return null;
        return Whole(found.Value) is > 0 and <= MostSize and var size ? (int)size : throw Absurd(found.Name, found.Value);
    }

    /// <summary>A whole number from zero on.</summary>
    public int Count(string name, int usual) => Ask([name]) is not { } found ? usual : Whole(found.Value) is >= 0 and <= MostSize and var count ? (int)count : throw Absurd(found.Name, found.Value);

    public int Signed(string name, int usual) => Ask([name]) is not { } found ? usual : Whole(found.Value) is >= -MostSize and <= MostSize and var count ? (int)count : throw Absurd(found.Name, found.Value);

    public double Real(string name, double usual) => RealOrNull(name) ?? usual;

    public double Real(ReadOnlySpan<string> names, double usual) => Ask(names) is { } found ? Number(found.Name, found.Value) : usual;

    public double? RealOrNull(string name) => Ask([name]) is { } found ? Number(name, found.Value) : null;

    /// <summary>A real number above zero.</summary>
    public float Positive(string name, double usual) => Real(name, usual) is > 0 and < 1e9 and var value ? (float)value : throw new ModelRefusedException($"{Where} gives {name} as a number that cannot be: fetch the model again.");

    public bool Flag(string name, bool usual) => Ask([name]) is not { } found ? usual : found.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Absurd(name, found.Value),
    };

    public string Word(string name, string usual) => WordOrNull(name) ?? usual;

    public string? WordOrNull(params ReadOnlySpan<string> names) => Ask(names) is { } found ? found.Value.ValueKind == JsonValueKind.String ? ((JsonElement?)json).Text(found.Name) : throw Absurd(found.Name, found.Value) : null;

    public double[]? Numbers(string name)
    {
        if (Ask([name]) is not { } found) return null;
        if (found.Value.ValueKind != JsonValueKind.Array || found.Value.GetArrayLength() > 4096) throw Absurd(name, found.Value);
        return [.. found.Value.EnumerateArray().Select(item => item.ValueKind switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => Number(name, item) })];
    }

    public string[]? Words(string name)
    {
        if (Ask([name]) is not { } found) return null;
        if (found.Value.ValueKind != JsonValueKind.Array || found.Value.GetArrayLength() > 4096) throw Absurd(name, found.Value);
        return [.. found.Value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() ?? "" : throw Absurd(name, found.Value))];
    }

    public Settings? Part(string name)
    {
        if (Ask([name]) is not { } found) return null;
        if (found.Value.ValueKind != JsonValueKind.Object) throw Absurd(name, found.Value);
        if (!_parts.TryGetValue(name, out var part)) _parts[name] = part = new(found.Value, $"{name} of {Where}");
        return part;
    }

    /// <summary>What stands there, however it is made; for the rare setting of a form of its own.</summary>
    public JsonElement? Raw(string name) => Ask([name])?.Value;

    /// <summary>Settings that change nothing here, whatever they are.</summary>
    public void Pass(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) _asked.Add(name);
    }

    /// <summary>A setting that is understood in one form only.</summary>
    public void Only(string name, bool value)
    {
        if (Flag(name, value) != value) throw new ModelRefusedException($"{Where} sets {name} to {(value ? "false" : "true")}, which this engine does not compute.");
    }

    public void RefuseUnknown()
    {
        foreach (var member in json.EnumerateObject())
            if (member.Value.ValueKind != JsonValueKind.Null && !_asked.Contains(member.Name) && !_harmless.Contains(member.Name))
                throw new ModelRefusedException($"{Where} sets {OnnxReader.Shown(member.Name)}, which this engine does not know for this kind of model: it would compute something else.");
        foreach (var part in _parts.Values) part.RefuseUnknown();
    }

    public ModelRefusedException Unknown(string name, string? value) => new($"{Where} sets {name} to {OnnxReader.Shown(value ?? "nothing")}, which this engine does not know.");

    private (string Name, JsonElement Value)? Ask(ReadOnlySpan<string> names)
    {
        (string, JsonElement)? found = null;
        foreach (var name in names)
        {
            _asked.Add(name);
            if (found is null && Find(name) is { } value) found = (name, value);
        }
        return found;
    }

    private JsonElement? Find(string name) => ((JsonElement?)json).Member(name);

    private static long? Whole(JsonElement value) =>
        value.ValueKind != JsonValueKind.Number ? null : value.TryGetInt64(out var whole) ? whole : value.TryGetDouble(out var real) && real == Math.Floor(real) && Math.Abs(real) < 1e15 ? (long)real : null;

    private double Number(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var real) && double.IsFinite(real) ? real : throw Absurd(name, value);

    private ModelRefusedException Absurd(string name, JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? value.ValueKind.ToString().ToLowerInvariant() : value.ToString();
        return new(string.Create(CultureInfo.InvariantCulture, $"{Where} gives {name} as {OnnxReader.Shown(text)}, which cannot be: fetch the model again."));
    }
}
