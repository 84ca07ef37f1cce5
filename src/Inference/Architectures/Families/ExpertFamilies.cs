using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>Mixtures of experts over attention as Llama and its relatives have it.</summary>
internal static class ExpertFamilies
{
    public static DecoderDescription Mixtral(Plan plan)
    {
        var (settings, count, used, inner) = (plan.Settings, plan.Settings.Size("num_local_experts"), plan.Settings.Size("num_experts_per_tok"), plan.Inner);
        settings.Pass("router_jitter_noise");
        Silu(plan);
        return LlamaFamilies.Usual(plan, new()
        {
            Windows = LlamaFamilies.Everywhere(plan),
            Inner = (layer, described) => described with
            {
                Experts = OfEach(plan, $"layers.{layer}.block_sparse_moe", "gate", new(count, used, inner, ["w1", "w3", "w2"]), new(RoutingKind.Softmax) { Normalizes = true }),
            },
        });
    }

    public static DecoderDescription Qwen2Moe(Plan plan)
    {
        var (sizes, sparse, normalizes) = QwenSizes(plan);
        var shared = plan.Settings.Size("shared_expert_intermediate_size");
        return LlamaFamilies.Usual(plan, new()
        {
            Bias = plan.Settings.Flag("qkv_bias", true),
            Windows = LlamaFamilies.QwenWindows(plan),
            Inner = (layer, described) => !sparse(layer) ? Dense(plan, layer, described) : described with
            {
                Experts = OfEach(plan, $"layers.{layer}.mlp", "gate", sizes, new(RoutingKind.Softmax) { Normalizes = normalizes }) with
                {
                    Shared = plan.Gated($"layers.{layer}.mlp.shared_expert", shared, new(ActivationKind.Silu)),
                    SharedGate = plan.Linear($"layers.{layer}.mlp.shared_expert_gate", 1, plan.Width),
                },
            },
        });
    }

    public static DecoderDescription Qwen3Moe(Plan plan)
    {
        var ((sizes, sparse, normalizes), bias) = (QwenSizes(plan), plan.Settings.Flag("attention_bias", false));
        return LlamaFamilies.Usual(plan, new()
        {
            Bias = bias,
            OutputBias = bias,
            HeadNorms = true,
            Windows = LlamaFamilies.QwenWindows(plan),
            Inner = (layer, described) => !sparse(layer) ? Dense(plan, layer, described) : described with
            {
                Experts = OfEach(plan, $"layers.{layer}.mlp", "gate", sizes, new(RoutingKind.Softmax) { Normalizes = normalizes }),
            },
        });
    }

    public static DecoderDescription Olmoe(Plan plan)
    {
        var (settings, size, clip) = (plan.Settings, plan.HeadSize, (float)plan.Settings.Real("clip_qkv", 0));
        var (sizes, normalizes) = (new Sizes(settings.Size("num_experts"), settings.Size("num_experts_per_tok"), plan.Inner, Usual), settings.Flag("norm_topk_prob", false));
        settings.Only("attention_bias", false);
        Silu(plan);
        if (clip > 0) throw settings.Unknown("clip_qkv", $"{clip}");
        var decoder = LlamaFamilies.Usual(plan, new()
        {
            Inner = (layer, described) => described with { Experts = OfEach(plan, $"layers.{layer}.mlp", "gate", sizes, new(RoutingKind.Softmax) { Normalizes = normalizes }) },
        });
        return decoder with
        {
            Layers = [.. decoder.Layers.Select((layer, i) => layer with
            {
                Attention = layer.Attention! with
                {
                    QueryNorm = plan.Rms($"layers.{i}.self_attn.q_norm", plan.Heads * size),
                    KeyNorm = plan.Rms($"layers.{i}.self_attn.k_norm", plan.KeyValueHeads * size),
                },
            })],
        };
    }

    /// <summary>All experts in one tensor, outputs by inputs.</summary>
    public static DecoderDescription GraniteMoe(Plan plan)
    {
        var (settings, count, used, inner) = (plan.Settings, plan.Settings.Size("num_local_experts"), plan.Settings.Size("num_experts_per_tok"), plan.Inner);
        Silu(plan);
        var bias = settings.Flag("attention_bias", false);
        var decoder = LlamaFamilies.Usual(plan, new()
        {
            Bias = bias,
            OutputBias = bias,
            Scale = settings.Positive("attention_multiplier", 1),
            Inner = (layer, described) => described with
            {
                Experts = new()
                {
                    Count = count,
                    Used = used,
                    Inner = inner,
                    Router = plan.Linear($"layers.{layer}.block_sparse_moe.router.layer", count, plan.Width),
                    Routing = new(RoutingKind.Softmax) { Normalizes = true },
                    Up = new(plan.Rows($"layers.{layer}.block_sparse_moe.input_linear.weight", count, 2L * inner, plan.Width).Pick(InTurn(count, inner))),
                    Down = new(plan.Rows($"layers.{layer}.block_sparse_moe.output_linear.weight", count, plan.Width, inner)),
                },
            },
        });
        return LlamaFamilies.Multiplied(settings, decoder, (float)settings.Real("residual_multiplier", 1));
    }

    public static DecoderDescription PhiMoe(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize);
        var (sizes, epsilon) = (new Sizes(settings.Size("num_local_experts"), settings.Size("num_experts_per_tok"), plan.Inner, ["w1", "w3", "w2"]), settings.Positive("rms_norm_eps", 1e-5));
        var routing = new RoutingDescription(RoutingKind.SparseMixer) { Jitter = settings.Positive("router_jitter_noise", 0.01) };
        if (sizes.Used != 2) throw settings.Unknown("num_experts_per_tok", $"{sizes.Used}");
        var (bias, windows, rotary) = (settings.Flag("attention_bias", false), LlamaFamilies.Everywhere(plan), RotarySettings.Read(settings, size, plan.Context));
        settings.Pass("original_max_position_embeddings");
        Silu(plan);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false, bias: settings.Flag("lm_head_bias", false)), plan.Centered("norm", epsilon), layer => new()
        {
            BeforeAttention = plan.Centered($"layers.{layer}.input_layernorm", epsilon),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary, bias, bias) with { Window = windows(layer) },
            BeforeFeedForward = plan.Centered($"layers.{layer}.post_attention_layernorm", epsilon),
            Experts = OfEach(plan, $"layers.{layer}.block_sparse_moe", "gate", sizes, routing),
        });
    }

    public static DecoderDescription ErnieMoe(Plan plan)
    {
        var (settings, bias) = (plan.Settings, plan.Settings.Flag("use_bias", false));
        var sizes = new Sizes(settings.Size("moe_num_experts"), settings.Size("moe_k"), settings.Size("moe_intermediate_size"), Usual);
        var (first, last, every) = (settings.Count("moe_layer_start_index", 1), settings.Signed("moe_layer_end_index", -1), Math.Max(1, settings.Count("moe_layer_interval", 1)));
        if (last < 0) last = plan.Layers - 1;
        var shared = settings.Count("moe_num_shared_experts", 0) * sizes.Inner;
        var epsilon = settings.Positive("moe_norm_min", 1e-12);
        settings.Pass("moe_capacity", "moe_norm_min", "moe_use_aux_free", "moe_gate_act", "moe_aux_loss_lambda", "num_nextn_predict_layers");
        Silu(plan);
        return LlamaFamilies.Usual(plan, new()
        {
            Bias = bias,
            OutputBias = bias,
            InnerBias = bias,
            Interleaved = true,
            UsuallyTied = true,
            RotaryBase = 500000,
            Inner = (layer, described) => layer < first || layer > last || (layer + 1) % every != 0 ? Dense(plan, layer, described, bias) : described with
            {
                Experts = OfEach(plan, $"layers.{layer}.mlp", "gate", sizes, new(RoutingKind.Softmax)
                {
                    Normalizes = true,
                    Epsilon = epsilon,
                    Correction = plan.Numbers($"layers.{layer}.mlp.moe_statics.e_score_correction_bias", 1, sizes.Count),
                }) with
                {
                    Shared = shared > 0 ? plan.Gated($"layers.{layer}.mlp.shared_experts", shared, new(ActivationKind.Silu), bias) : null,
                },
            },
        });
    }

    /// <summary>How many experts, how many a token takes, the width of one, and the names of gate, up and down.</summary>
    public sealed record Sizes(int Count, int Used, int Inner, string[] Names);

    public static readonly string[] Usual = ["gate_proj", "up_proj", "down_proj"];

    /// <summary>Experts of which each has tensors of its own.</summary>
    public static ExpertsDescription OfEach(Plan plan, string path, string router, Sizes sizes, RoutingDescription routing)
    {
        if (sizes.Used > sizes.Count) throw plan.Settings.Unknown("num_experts_per_tok", $"{sizes.Used} of {sizes.Count}");
        LinearDescription Matrix(int expert, int part, long outputs, int inputs) => plan.Linear($"{path}.experts.{expert}.{sizes.Names[part]}", outputs, inputs);
        var experts = Enumerable.Range(0, sizes.Count);
        return new()
        {
            Count = sizes.Count,
            Used = sizes.Used,
            Inner = sizes.Inner,
            Router = plan.Linear($"{path}.{router}", sizes.Count, plan.Width),
            Routing = routing,
            Up = LinearDescription.Stack([.. experts.Select(expert => LinearDescription.Stack(Matrix(expert, 0, sizes.Inner, plan.Width), Matrix(expert, 1, sizes.Inner, plan.Width)).Pick(InTurn(1, sizes.Inner)))]),
            Down = LinearDescription.Stack([.. experts.Select(expert => Matrix(expert, 2, plan.Width, sizes.Inner))]),
        };
    }

    /// <summary>From all rows of the gate and then all of up to one of each in turn, expert by expert.</summary>
    public static int[] InTurn(int count, int inner) =>
        [.. Enumerable.Range(0, count).SelectMany(expert => Enumerable.Range(0, inner).SelectMany(row => new[] { expert * 2 * inner + row, expert * 2 * inner + inner + row }))];

    public static LayerDescription Dense(Plan plan, int layer, LayerDescription described, bool bias = false, int? inner = null) =>
        described with { FeedForward = plan.Gated($"layers.{layer}.mlp", inner ?? plan.Inner, new(ActivationKind.Silu), bias) };

    /// <summary>Experts know one activation.</summary>
    public static void Silu(Plan plan)
    {
        if (plan.Activation("hidden_act", "silu").Kind != ActivationKind.Silu) throw plan.Settings.Unknown("hidden_act", plan.Settings.Word("hidden_act", ""));
    }

    private static (Sizes Sizes, Func<int, bool> Sparse, bool Normalizes) QwenSizes(Plan plan)
    {
        var settings = plan.Settings;
        var (step, dense) = (Math.Max(1, settings.Count("decoder_sparse_step", 1)), settings.Numbers("mlp_only_layers") ?? []);
        settings.Pass("intermediate_size");
        Silu(plan);
        return (new(settings.Size("num_experts"), settings.Size("num_experts_per_tok"), settings.Size("moe_intermediate_size"), Usual),
            layer => !dense.Contains(layer) && (layer + 1) % step == 0, settings.Flag("norm_topk_prob", false));
    }
}
