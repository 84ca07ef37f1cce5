using System.Text.Json;
using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>Gated, rotated decoders whose norms stand elsewhere than Llama's.</summary>
internal static class LlamaRelatives
{
    /// <summary>What xIELU learns.</summary>
    private static readonly string[] _learned = ["alpha_p", "alpha_n", "beta", "eps"];

    public static DecoderDescription Gemma(Plan plan)
    {
        plan.Settings.Only("attention_bias", false);
        return Gemma(plan, new() { Activation = GemmaActivation(plan, "gelu_pytorch_tanh") });
    }

    public static DecoderDescription Gemma2(Plan plan)
    {
        var (settings, window) = (plan.Settings, plan.Settings.SizeOrNull("sliding_window") ?? 4096);
        settings.Only("attention_bias", false);
        var sliding = plan.Sliding(layer => layer % 2 == 0);
        return Gemma(plan, new()
        {
            Activation = GemmaActivation(plan, "gelu_pytorch_tanh"),
            FourNorms = true,
            Scale = Scalar(settings),
            SoftCap = (float)settings.Real("attn_logit_softcapping", 0),
            HeadCap = (float)settings.Real("final_logit_softcapping", 0),
            Windows = layer => sliding[layer] ? window : 0,
        });
    }

    /// <summary>Windowed layers turn by another base, and without the scaling of the others.</summary>
    public static DecoderDescription Gemma3(Plan plan)
    {
        var (settings, size, window) = (plan.Settings, plan.HeadSize, plan.Settings.SizeOrNull("sliding_window") ?? 4096);
        settings.Only("attention_bias", false);
        settings.Only("use_bidirectional_attention", false);
        var pattern = Math.Max(1, settings.Count("sliding_window_pattern", settings.Count("_sliding_window_pattern", 6)));
        var sliding = plan.Sliding(layer => (layer + 1) % pattern != 0);
        var wide = RotarySettings.Read(settings, size, plan.Context, usualBase: 1_000_000, kind: "full_attention");
        var local = settings.Has("rope_parameters") && settings.Part("rope_parameters")?.Has("sliding_attention") == true
            ? RotarySettings.Read(settings, size, plan.Context, kind: "sliding_attention")
            : RotarySettings.Plain(settings.Positive("rope_local_base_freq", 10000), size);
        settings.Pass("rope_local_base_freq");
        return Gemma(plan, new()
        {
            Activation = GemmaActivation(plan, "gelu_pytorch_tanh"),
            FourNorms = true,
            HeadNorms = true,
            Scale = Scalar(settings),
            SoftCap = (float)settings.Real("attn_logit_softcapping", 0),
            HeadCap = (float)settings.Real("final_logit_softcapping", 0),
            Windows = layer => sliding[layer] ? window : 0,
            Rotary = layer => sliding[layer] ? local : wide,
        });
    }

    public static DecoderDescription Olmo(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        settings.Only("attention_bias", false);
        var even = new NormDescription(true, new ConstantRows(plan.Width, 1, 1), null, 1e-5f);
        var (rotary, activation, clip) = (RotarySettings.Read(settings, size, plan.Context), plan.Activation("hidden_act", "silu"), (float)settings.Real("clip_qkv", 0));
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), even, layer => new()
        {
            BeforeAttention = even,
            Attention = Attention(plan, layer, size, rotary) with { Clip = clip },
            BeforeFeedForward = even,
            FeedForward = plan.Gated($"layers.{layer}.mlp", plan.Inner, activation),
        });
    }

    public static DecoderDescription Olmo2(Plan plan)
    {
        var rotary = RotarySettings.Read(plan.Settings, plan.HeadSize, plan.Context);
        return NormsBehind(plan, _ => rotary, _ => 0, wholeNorms: true);
    }

    /// <summary>The scaling of positions is that of layers that see everything.</summary>
    public static DecoderDescription Olmo3(Plan plan)
    {
        var (settings, size, window) = (plan.Settings, plan.HeadSize, plan.Settings.SizeOrNull("sliding_window") ?? 4096);
        var sliding = plan.Sliding(layer => (layer + 1) % 4 != 0);
        var wide = RotarySettings.Read(settings, size, plan.Context, kind: "full_attention");
        var given = RotarySettings.Given(settings, "sliding_attention");
        var local = settings.Part("rope_parameters")?.Has("sliding_attention") == true ? RotarySettings.Read(settings, size, plan.Context, kind: "sliding_attention")
            : RotarySettings.Plain(given?.RealOrNull("rope_theta") ?? settings.Real("rope_theta", 10000), size);
        return NormsBehind(plan, layer => sliding[layer] ? local : wide, layer => sliding[layer] ? window : 0, wholeNorms: true);
    }

    /// <summary>Where some layers have a window, only those rotate.</summary>
    public static DecoderDescription Exaone4(Plan plan)
    {
        var (settings, size, window) = (plan.Settings, plan.HeadSize, plan.Settings.SizeOrNull("sliding_window"));
        var pattern = settings.Raw("sliding_window_pattern");
        var sliding = plan.Sliding(layer => window is not null && Slides(plan, pattern, layer));
        var rotary = RotarySettings.Read(settings, size, plan.Context, usualBase: 10000);
        return NormsBehind(plan, layer => window is null || sliding[layer] ? rotary : null, layer => window is { } width && sliding[layer] ? width : 0, wholeNorms: false);
    }

    public static DecoderDescription Glm4(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize, plan.Inner);
        var (bias, activation) = (settings.Flag("attention_bias", false), plan.Activation("hidden_act", "silu"));
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size, 0.5), plan.Context, interleaved: true);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Rms("norm"), layer => new()
        {
            BeforeAttention = plan.Rms($"layers.{layer}.input_layernorm"),
            Attention = Attention(plan, layer, size, rotary, bias),
            AfterAttention = plan.Rms($"layers.{layer}.post_self_attn_layernorm"),
            BeforeFeedForward = plan.Rms($"layers.{layer}.post_attention_layernorm"),
            FeedForward = new()
            {
                Up = plan.Linear($"layers.{layer}.mlp.gate_up_proj", 2L * inner, plan.Width),
                Down = plan.Linear($"layers.{layer}.mlp.down_proj", plan.Width, inner),
                Activation = activation,
                Gated = true,
            },
            AfterFeedForward = plan.Rms($"layers.{layer}.post_mlp_layernorm"),
        });
    }

    public static DecoderDescription Apertus(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize, plan.Inner);
        var (rotary, kind, bias) = (RotarySettings.Read(settings, size, plan.Context, usualBase: 12_000_000), plan.Activation("hidden_act", "xielu").Kind, settings.Flag("attention_bias", false));
        settings.Only("post_norm", false);
        settings.Only("qk_norm", true);
        settings.Only("mlp_bias", false);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Rms("norm"), layer => new()
        {
            BeforeAttention = plan.Rms($"layers.{layer}.attention_layernorm"),
            Attention = Attention(plan, layer, size, rotary, bias, bias) with
            {
                NormsHeads = true,
                QueryNorm = plan.Rms($"layers.{layer}.self_attn.q_norm", size),
                KeyNorm = plan.Rms($"layers.{layer}.self_attn.k_norm", size),
            },
            BeforeFeedForward = plan.Rms($"layers.{layer}.feedforward_layernorm"),
            FeedForward = new()
            {
                Up = plan.Linear($"layers.{layer}.mlp.up_proj", inner, plan.Width),
                Down = plan.Linear($"layers.{layer}.mlp.down_proj", plan.Width, inner),
                Activation = new(kind, kind == ActivationKind.XIelu ? [.. _learned.Select(part => plan.Numbers($"layers.{layer}.mlp.act_fn.{part}", 1))] : null),
                Gated = false,
            },
        });
    }

    /// <summary>q_proj to o_proj under self_attn, every query over its own or a shared key.</summary>
    public static AttentionDescription Attention(Plan plan, int layer, int size, RotaryDescription? rotary, bool bias = false, bool outputBias = false) => new()
    {
        Heads = plan.Heads,
        KeyValueHeads = plan.KeyValueHeads,
        HeadSize = size,
        Input = plan.QueryKeyValue($"layers.{layer}.self_attn", bias),
        Output = plan.Linear($"layers.{layer}.self_attn.o_proj", plan.Width, plan.Heads * size, outputBias),
        Scale = 1 / MathF.Sqrt(size),
        Rotary = rotary,
    };

    private static DecoderDescription NormsBehind(Plan plan, Func<int, RotaryDescription?> rotary, Func<int, int> windows, bool wholeNorms)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        var (activation, bias) = (plan.Activation("hidden_act", "silu"), settings.Flag("attention_bias", false));
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Rms("norm"), layer => new()
        {
            Attention = Attention(plan, layer, size, rotary(layer), bias, bias) with
            {
                NormsHeads = !wholeNorms,
                QueryNorm = plan.Rms($"layers.{layer}.self_attn.q_norm", wholeNorms ? plan.Heads * size : size),
                KeyNorm = plan.Rms($"layers.{layer}.self_attn.k_norm", wholeNorms ? plan.KeyValueHeads * size : size),
                Window = windows(layer),
            },
            AfterAttention = plan.Rms($"layers.{layer}.post_attention_layernorm"),
            FeedForward = plan.Gated($"layers.{layer}.mlp", plan.Inner, activation),
            AfterFeedForward = plan.Rms($"layers.{layer}.post_feedforward_layernorm"),
        });
    }

    /// <summary>A number says that every so many-th layer sees everything; a word like LLLG says it letter by letter, and the last layer always does.</summary>
    private static bool Slides(Plan plan, JsonElement? pattern, int layer) => pattern switch
    {
        null => (layer + 1) % 4 != 0,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var every) && every > 0 => (layer + 1) % every != 0,
        { ValueKind: JsonValueKind.String } word when word.GetString() is { Length: > 0 } letters => letters[layer % letters.Length] == 'L' && layer != plan.Layers - 1,
        _ => throw plan.Settings.Unknown("sliding_window_pattern", pattern.ToString()),
    };

    private static float Scalar(Settings settings) => 1 / MathF.Sqrt(settings.Positive("query_pre_attn_scalar", 256));

    private static ActivationDescription GemmaActivation(Plan plan, string usual)
    {
        var (newer, older) = (plan.Settings.WordOrNull("hidden_activation"), plan.Settings.WordOrNull("hidden_act"));
        return new(Plan.Kind(plan.Settings, "hidden_activation", newer ?? usual));
    }

    private sealed record GemmaForm
    {
        public required ActivationDescription Activation { get; init; }
        public bool FourNorms { get; init; }
        public bool HeadNorms { get; init; }
        public float? Scale { get; init; }
        public float SoftCap { get; init; }
        public float HeadCap { get; init; }
        public Func<int, int> Windows { get; init; } = _ => 0;
        public Func<int, RotaryDescription>? Rotary { get; init; }
    }

    private static DecoderDescription Gemma(Plan plan, GemmaForm form)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        var rotary = form.Rotary is null ? RotarySettings.Read(settings, size, plan.Context) : null;
        NormDescription Norm(string path, int? width = null) => plan.Rms(path, width, plusOne: true);
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), Norm("norm"), layer => new()
        {
            BeforeAttention = Norm($"layers.{layer}.input_layernorm"),
            Attention = Attention(plan, layer, size, form.Rotary?.Invoke(layer) ?? rotary) with
            {
                Scale = form.Scale ?? 1 / MathF.Sqrt(size),
                SoftCap = form.SoftCap,
                Window = form.Windows(layer),
                NormsHeads = form.HeadNorms,
                QueryNorm = form.HeadNorms ? Norm($"layers.{layer}.self_attn.q_norm", size) : null,
                KeyNorm = form.HeadNorms ? Norm($"layers.{layer}.self_attn.k_norm", size) : null,
            },
            AfterAttention = form.FourNorms ? Norm($"layers.{layer}.post_attention_layernorm") : null,
            BeforeFeedForward = Norm($"layers.{layer}.{(form.FourNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm")}"),
            FeedForward = plan.Gated($"layers.{layer}.mlp", plan.Inner, form.Activation),
            AfterFeedForward = form.FourNorms ? Norm($"layers.{layer}.post_feedforward_layernorm") : null,
        });
        return decoder with
        {
            Embedding = decoder.Embedding with { Multiplier = MathF.Sqrt(plan.Width) },
            Head = decoder.Head with { SoftCap = form.HeadCap },
        };
    }
}
