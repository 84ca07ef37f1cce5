using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>Llama and those that differ from it by a setting or two.</summary>
internal static class LlamaFamilies
{
    public static DecoderDescription Llama(Plan plan)
    {
        plan.Settings.Only("rope_interleaved", false);
        return Usual(plan, new() { Bias = plan.Settings.Flag("attention_bias", false), OutputBias = plan.Settings.Flag("attention_bias", false), InnerBias = plan.Settings.Flag("mlp_bias", false) });
    }

    public static DecoderDescription Mistral(Plan plan) => Usual(plan, new() { Windows = Everywhere(plan) });

    public static DecoderDescription Qwen2(Plan plan) => Usual(plan, new() { Bias = true, Windows = QwenWindows(plan) });

    public static DecoderDescription Qwen3(Plan plan)
    {
        var bias = plan.Settings.Flag("attention_bias", false);
        return Usual(plan, new() { Bias = bias, OutputBias = bias, HeadNorms = true, Windows = QwenWindows(plan) });
    }

    public static DecoderDescription SmolLm3(Plan plan)
    {
        var (settings, bias) = (plan.Settings, plan.Settings.Flag("attention_bias", false));
        var rotates = Rotates(plan);
        var slides = settings.Flag("use_sliding_window", false);
        var window = settings.SizeOrNull("sliding_window");
        var sliding = plan.Sliding(layer => slides && window is not null && !rotates[layer]);
        settings.Pass("max_window_layers");
        return Usual(plan, new() { Bias = bias, OutputBias = bias, InnerBias = settings.Flag("mlp_bias", false), Rotates = layer => rotates[layer], UsuallyTied = true, Windows = layer => sliding[layer] ? window ?? 0 : 0 });
    }

    public static DecoderDescription SeedOss(Plan plan) => Usual(plan, new()
    {
        Bias = plan.Settings.Flag("attention_bias", true),
        OutputBias = plan.Settings.Flag("attention_out_bias", false),
        InnerBias = plan.Settings.Flag("mlp_bias", false),
    });

    public static DecoderDescription Ernie(Plan plan)
    {
        var bias = plan.Settings.Flag("use_bias", false);
        return Usual(plan, new() { Bias = bias, OutputBias = bias, InnerBias = bias, Interleaved = true, UsuallyTied = true, RotaryBase = 500000 });
    }

    public static DecoderDescription Granite(Plan plan)
    {
        var (settings, bias) = (plan.Settings, plan.Settings.Flag("attention_bias", false));
        var residual = (float)settings.Real("residual_multiplier", 1);
        var decoder = Usual(plan, new() { Bias = bias, OutputBias = bias, InnerBias = settings.Flag("mlp_bias", false), Scale = settings.Positive("attention_multiplier", 1) });
        return Multiplied(settings, decoder, residual);
    }

    /// <summary>Granite's multipliers, which its experts have as well.</summary>
    public static DecoderDescription Multiplied(Settings settings, DecoderDescription decoder, float residual) => decoder with
    {
        Embedding = decoder.Embedding with { Multiplier = (float)settings.Real("embedding_multiplier", 1) },
        Head = decoder.Head with { Multiplier = 1 / settings.Positive("logits_scaling", 1) },
        Layers = [.. decoder.Layers.Select(layer => layer with { ResidualMultiplier = residual })],
    };

    /// <summary>Fused products of queries, keys and values and of gate and up; long rotary factors.</summary>
    public static DecoderDescription Phi3(Plan plan)
    {
        var (settings, table, windows) = (plan.Settings, plan.Table("embed_tokens"), Everywhere(plan));
        var (size, heads, cached, inner) = (plan.HeadSize, plan.Heads, plan.KeyValueHeads, plan.Inner);
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size), plan.Context);
        settings.Pass("original_max_position_embeddings");
        foreach (var bias in new[] { "attention_bias", "mlp_bias", "lm_head_bias" }) settings.Only(bias, false);
        foreach (var one in new[] { "full_attn_mod", "interpolate_factor" })
            if (settings.Count(one, 1) is var number and not 1) throw settings.Unknown(one, $"{number}");
        var activation = plan.Activation("hidden_act", "silu");
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Rms("norm"), layer => new()
        {
            BeforeAttention = plan.Rms($"layers.{layer}.input_layernorm"),
            Attention = new()
            {
                Heads = heads,
                KeyValueHeads = cached,
                HeadSize = size,
                Input = plan.Linear($"layers.{layer}.self_attn.qkv_proj", (long)(heads + 2 * cached) * size, plan.Width),
                Output = plan.Linear($"layers.{layer}.self_attn.o_proj", plan.Width, heads * size),
                Scale = 1 / MathF.Sqrt(size),
                Rotary = rotary,
                Window = windows(layer),
            },
            BeforeFeedForward = plan.Rms($"layers.{layer}.post_attention_layernorm"),
            FeedForward = new()
            {
                Up = plan.Linear($"layers.{layer}.mlp.gate_up_proj", 2L * inner, plan.Width),
                Down = plan.Linear($"layers.{layer}.mlp.down_proj", plan.Width, inner),
                Activation = activation,
                Gated = true,
            },
        });
    }

    /// <summary>sliding_window for all layers, where it is set.</summary>
    public static Func<int, int> Everywhere(Plan plan)
    {
        var window = plan.Settings.SizeOrNull("sliding_window") ?? 0;
        var sliding = plan.Sliding(_ => window > 0);
        return layer => sliding[layer] ? window : 0;
    }

    public static Func<int, int> QwenWindows(Plan plan)
    {
        var (settings, window) = (plan.Settings, plan.Settings.SizeOrNull("sliding_window") ?? 0);
        settings.Only("use_mrope", false);
        var (slides, full) = (settings.Flag("use_sliding_window", false), settings.Count("max_window_layers", 28));
        var sliding = plan.Sliding(layer => slides && layer >= full);
        return layer => slides && sliding[layer] ? window : 0;
    }

    /// <summary>Layers with rotation: no_rope_layers says so with a 1, else each but every n-th has it.</summary>
    public static bool[] Rotates(Plan plan)
    {
        var (given, interval) = (plan.Settings.Numbers("no_rope_layers"), Math.Max(1, plan.Settings.Count("no_rope_layer_interval", 4)));
        if (given is { Length: > 0 } && given.Length != plan.Layers) throw plan.Settings.Unknown("no_rope_layers", $"{given.Length} numbers for {plan.Layers} layers");
        return [.. Enumerable.Range(0, plan.Layers).Select(layer => given is { Length: > 0 } ? given[layer] != 0 : (layer + 1) % interval != 0)];
    }

    /// <summary>What a family of this form may have of its own.</summary>
    public sealed record Form
    {
        public bool Bias { get; init; }
        public bool OutputBias { get; init; }
        public bool InnerBias { get; init; }
        public bool HeadNorms { get; init; }
        public bool Interleaved { get; init; }
        public bool UsuallyTied { get; init; }
        public double RotaryBase { get; init; } = 10000;
        public float? Scale { get; init; }
        public Func<int, int> Windows { get; init; } = _ => 0;
        public Func<int, bool> Rotates { get; init; } = _ => true;

        /// <summary>The feed-forward part of a layer, put into it; the usual one where it is null.</summary>
        public Func<int, LayerDescription, LayerDescription>? Inner { get; init; }
    }

    /// <summary>Norms before both parts, rotation, a gated feed-forward part.</summary>
    public static DecoderDescription Usual(Plan plan, Form form)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        var (heads, cached) = (plan.Heads, plan.KeyValueHeads);
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size), plan.Context, form.Interleaved, form.RotaryBase);
        var activation = form.Inner is null ? plan.Activation("hidden_act", "silu") : null;
        return plan.Decoder(table, plan.Head(table, form.UsuallyTied), plan.Rms("norm"), layer =>
        {
            var described = new LayerDescription
            {
                BeforeAttention = plan.Rms($"layers.{layer}.input_layernorm"),
                Attention = new()
                {
                    Heads = heads,
                    KeyValueHeads = cached,
                    HeadSize = size,
                    Input = plan.QueryKeyValue($"layers.{layer}.self_attn", form.Bias),
                    Output = plan.Linear($"layers.{layer}.self_attn.o_proj", plan.Width, heads * size, form.OutputBias),
                    Scale = form.Scale ?? 1 / MathF.Sqrt(size),
                    Rotary = form.Rotates(layer) ? rotary : null,
                    Window = form.Windows(layer),
                    NormsHeads = form.HeadNorms,
                    QueryNorm = form.HeadNorms ? plan.Rms($"layers.{layer}.self_attn.q_norm", size) : null,
                    KeyNorm = form.HeadNorms ? plan.Rms($"layers.{layer}.self_attn.k_norm", size) : null,
                },
                BeforeFeedForward = plan.Rms($"layers.{layer}.post_attention_layernorm"),
            };
            return form.Inner is { } inner ? inner(layer, described)
                : described with { FeedForward = plan.Gated($"layers.{layer}.mlp", plan.Inner, activation!, form.InnerBias) };
        });
    }
}
