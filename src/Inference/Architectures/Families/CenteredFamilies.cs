using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>Rotated decoders whose norms subtract the mean, many of them with attention and feed-forward side by side.</summary>
internal static class CenteredFamilies
{
    public static DecoderDescription Phi(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize, plan.Inner);
        var (epsilon, activation, norms) = (settings.Positive("layer_norm_eps", 1e-5), plan.Activation("hidden_act", "gelu_new"), settings.Flag("qk_layernorm", false));
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size, 0.5), plan.Context);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false, bias: true), plan.Centered("final_layernorm", epsilon), layer => new()
        {
            Parallel = true,
            BeforeAttention = plan.Centered($"layers.{layer}.input_layernorm", epsilon),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary, bias: true) with
            {
                Output = plan.Linear($"layers.{layer}.self_attn.dense", plan.Width, plan.Heads * size, bias: true),
                NormsHeads = norms,
                QueryNorm = norms ? plan.Centered($"layers.{layer}.self_attn.q_layernorm", epsilon, size: size) : null,
                KeyNorm = norms ? plan.Centered($"layers.{layer}.self_attn.k_layernorm", epsilon, size: size) : null,
            },
            FeedForward = Plain(plan, $"layers.{layer}.mlp", "fc1", "fc2", inner, activation, bias: true),
        });
    }

    public static DecoderDescription StarCoder2(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize, plan.Inner);
        if (settings.Word("norm_type", "layer_norm") is var norm and not "layer_norm") throw settings.Unknown("norm_type", norm);
        if (settings.Word("mlp_type", "default") is var form and not "default") throw settings.Unknown("mlp_type", form);
        var (epsilon, activation, bias, windows) = (settings.Positive("norm_epsilon", 1e-5), plan.Activation("hidden_act", "gelu_pytorch_tanh"), settings.Flag("use_bias", true), LlamaFamilies.Everywhere(plan));
        var rotary = RotarySettings.Read(settings, size, plan.Context);
        return plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("norm", epsilon), layer => new()
        {
            BeforeAttention = plan.Centered($"layers.{layer}.input_layernorm", epsilon),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary, bias, bias) with { Window = windows(layer) },
            BeforeFeedForward = plan.Centered($"layers.{layer}.post_attention_layernorm", epsilon),
            FeedForward = Plain(plan, $"layers.{layer}.mlp", "c_fc", "c_proj", inner, activation, bias),
        });
    }

    public static DecoderDescription Nemotron(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize, plan.Inner);
        var (epsilon, activation) = (settings.Positive("norm_eps", 1e-5), plan.Activation("hidden_act", "relu2"));
        var (bias, innerBias) = (settings.Flag("attention_bias", false), settings.Flag("mlp_bias", false));
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size, 0.5), plan.Context);
        NormDescription Norm(string path) => plan.Centered(path, epsilon, plusOne: true);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), Norm("norm"), layer => new()
        {
            BeforeAttention = Norm($"layers.{layer}.input_layernorm"),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary, bias, bias),
            BeforeFeedForward = Norm($"layers.{layer}.post_attention_layernorm"),
            FeedForward = Plain(plan, $"layers.{layer}.mlp", "up_proj", "down_proj", inner, activation, innerBias),
        });
    }

    public static DecoderDescription StableLm(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        var (epsilon, activation) = (settings.Positive("layer_norm_eps", 1e-5), plan.Activation("hidden_act", "silu"));
        var (bias, norms, parallel) = (settings.Flag("use_qkv_bias", false), settings.Flag("qk_layernorm", false), settings.Flag("use_parallel_residual", false));
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size, 0.25), plan.Context);
        NormDescription Heads(string path, int heads) =>
            new(true, WeightSource.Stack([.. Enumerable.Range(0, heads).Select(head => plan.Numbers($"{path}.norms.{head}.weight", size))]), null, epsilon);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Centered("norm", epsilon), layer => new()
        {
            Parallel = parallel,
            BeforeAttention = plan.Centered($"layers.{layer}.input_layernorm", epsilon),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary, bias) with
            {
                NormsHeads = norms,
                QueryNorm = norms ? Heads($"layers.{layer}.self_attn.q_layernorm", plan.Heads) : null,
                KeyNorm = norms ? Heads($"layers.{layer}.self_attn.k_layernorm", plan.KeyValueHeads) : null,
            },
            BeforeFeedForward = parallel ? null : plan.Centered($"layers.{layer}.post_attention_layernorm", epsilon),
            FeedForward = plan.Gated($"layers.{layer}.mlp", plan.Inner, activation),
        });
    }

    public static DecoderDescription Cohere(Plan plan)
    {
        var rotary = RotarySettings.Read(plan.Settings, plan.HeadSize, plan.Context, interleaved: true);
        return Cohere(plan, plan.Settings.Flag("use_qk_norm", false), _ => rotary, _ => 0);
    }

    /// <summary>Layers with a window rotate, the others see everything as it is.</summary>
    public static DecoderDescription Cohere2(Plan plan)
    {
        var (settings, window) = (plan.Settings, plan.Settings.SizeOrNull("sliding_window") ?? 4096);
        var pattern = Math.Max(1, settings.Count("sliding_window_pattern", settings.Count("_sliding_window_pattern", 4)));
        settings.Pass("order_of_interleaved_layers", "rotary_pct", "use_embedding_sharing", "use_gated_activation", "use_parallel_block", "use_parallel_embedding", "position_embedding_type", "layer_switch");
        var sliding = plan.Sliding(layer => (layer + 1) % pattern != 0);
        var rotary = RotarySettings.Read(settings, plan.HeadSize, plan.Context, interleaved: true);
        return Cohere(plan, norms: false, layer => sliding[layer] ? rotary : null, layer => sliding[layer] ? window : 0);
    }

    private static DecoderDescription Cohere(Plan plan, bool norms, Func<int, RotaryDescription?> rotary, Func<int, int> windows)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        var (epsilon, activation, bias) = (settings.Positive("layer_norm_eps", 1e-5), plan.Activation("hidden_act", "silu"), settings.Flag("attention_bias", false));
        NormDescription Heads(string path, int heads) => new(true, plan.Numbers($"{path}.weight", heads, size), null, epsilon);
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("norm", epsilon, bias: false), layer => new()
        {
            Parallel = true,
            BeforeAttention = plan.Centered($"layers.{layer}.input_layernorm", epsilon, bias: false),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary(layer), bias, bias) with
            {
                Window = windows(layer),
                NormsHeads = norms,
                QueryNorm = norms ? Heads($"layers.{layer}.self_attn.q_norm", plan.Heads) : null,
                KeyNorm = norms ? Heads($"layers.{layer}.self_attn.k_norm", plan.KeyValueHeads) : null,
            },
            FeedForward = plan.Gated($"layers.{layer}.mlp", plan.Inner, activation),
        });
        return decoder with { Head = decoder.Head with { Multiplier = (float)settings.Real("logit_scale", 0.0625) } };
    }

    /// <summary>Two matrices with an activation between them.</summary>
    public static FeedForwardDescription Plain(Plan plan, string path, string up, string down, int inner, ActivationDescription activation, bool bias) => new()
    {
        Up = plan.Linear($"{path}.{up}", inner, plan.Width, bias),
        Down = plan.Linear($"{path}.{down}", plan.Width, inner, bias),
        Activation = activation,
        Gated = false,
    };
}
