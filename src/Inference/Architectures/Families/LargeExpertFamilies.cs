using System.Text.Json;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>Mixtures of experts with an attention or a routing of their own: DeepSeek, gpt-oss, Llama 4.</summary>
internal static class LargeExpertFamilies
{
    public static DecoderDescription DeepSeek2(Plan plan)
    {
        var (settings, method) = (plan.Settings, plan.Settings.Word("topk_method", "greedy"));
        if (method is not ("greedy" or "group_limited_greedy")) throw settings.Unknown("topk_method", method);
        if (settings.Word("scoring_func", "softmax") is var scoring and not "softmax") throw settings.Unknown("scoring_func", scoring);
        var normalizes = settings.Flag("norm_topk_prob", false) && settings.Size("num_experts_per_tok") > 1;
        var factor = (float)settings.Real("routed_scaling_factor", 1);
        var grouped = method == "group_limited_greedy";
        var (groups, usedGroups) = (settings.SizeOrNull("n_group") ?? 1, settings.SizeOrNull("topk_group") ?? 1);
        return DeepSeek(plan, interleaved: true, _ => new(RoutingKind.Softmax)
        {
            Normalizes = normalizes,
            Factor = normalizes ? 1 : factor,
            Groups = grouped ? groups : 1,
            UsedGroups = usedGroups,
        });
    }

    public static DecoderDescription DeepSeek3(Plan plan)
    {
        var settings = plan.Settings;
        if (settings.Word("topk_method", "noaux_tc") is var method and not "noaux_tc") throw settings.Unknown("topk_method", method);
        if (settings.Word("scoring_func", "sigmoid") is var scoring and not "sigmoid") throw settings.Unknown("scoring_func", scoring);
        var (normalizes, factor) = (settings.Flag("norm_topk_prob", true), (float)settings.Real("routed_scaling_factor", 1));
        var (groups, usedGroups, count) = (settings.SizeOrNull("n_group") ?? 1, settings.SizeOrNull("topk_group") ?? 1, settings.Size("n_routed_experts"));
        return DeepSeek(plan, settings.Flag("rope_interleave", true), layer => new(RoutingKind.Sigmoid)
        {
            Normalizes = normalizes,
            Epsilon = 1e-20f,
            Factor = factor,
            Correction = plan.Numbers($"layers.{layer}.mlp.gate.e_score_correction_bias", count),
            Groups = groups,
            UsedGroups = usedGroups,
            GroupsByTwo = true,
        });
    }

    private static DecoderDescription DeepSeek(Plan plan, bool interleaved, Func<int, RoutingDescription> routing)
    {
        var (settings, table) = (plan.Settings, plan.Table("embed_tokens"));
        var (small, latent) = (settings.SizeOrNull("q_lora_rank"), settings.Size("kv_lora_rank"));
        var (kept, turned, values) = (settings.Size("qk_nope_head_dim"), settings.Size("qk_rope_head_dim"), settings.Size("v_head_dim"));
        settings.Pass("head_dim", "num_key_value_heads", "qk_head_dim", "pretraining_tp");
        ExpertFamilies.Silu(plan);
        var (heads, size, bias) = (plan.Heads, kept + turned, settings.Flag("attention_bias", false));
        var rotary = RotarySettings.Read(settings, turned, plan.Context, interleaved);
        var scale = 1 / Math.Sqrt(size) * Stretch(settings);
        var (count, shared, dense, every) = (settings.Size("n_routed_experts"), settings.Count("n_shared_experts", 0), settings.Count("first_k_dense_replace", 0), Math.Max(1, settings.Count("moe_layer_freq", 1)));
        var sizes = new ExpertFamilies.Sizes(count, settings.Size("num_experts_per_tok"), settings.Size("moe_intermediate_size"), ExpertFamilies.Usual);
        if (settings.Count("num_nextn_predict_layers", 0) is > 0 and var more)
            for (var extra = 0; extra < more; extra++) plan.SpareRoots.Add($"{plan.Root}layers.{plan.Layers + extra}."); // they guess further tokens, in training
        int[] turnedFirst = [.. Enumerable.Range(0, heads).SelectMany(head => Enumerable.Range(head * size + kept, turned).Concat(Enumerable.Range(head * size, kept)))];
        int[] keysFirst = [.. Rows(0, kept), .. Rows(kept, values)];
        IEnumerable<int> Rows(int first, int length) => Enumerable.Range(0, heads).SelectMany(head => Enumerable.Range(head * (kept + values) + first, length));
        NormDescription Norm(string path, int width) => plan.Rms(path, width) with { Epsilon = 1e-6f };
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Rms("norm"), layer =>
        {
            var attention = $"layers.{layer}.self_attn";
            var described = new LayerDescription
            {
                BeforeAttention = plan.Rms($"layers.{layer}.input_layernorm"),
                Latent = new()
                {
                    Heads = heads,
                    HeadSize = size,
                    Scale = (float)scale,
                    Rotary = rotary,
                    LatentSize = latent,
                    RotatedSize = turned,
                    ValueSize = values,
                    QueryDown = small is { } rank ? plan.Linear($"{attention}.q_a_proj", rank, plan.Width, bias) : null,
                    QueryNorm = small is { } normed ? Norm($"{attention}.q_a_layernorm", normed) : null,
                    Query = (small is { } width ? plan.Linear($"{attention}.q_b_proj", (long)heads * size, width) : plan.Linear($"{attention}.q_proj", (long)heads * size, plan.Width)).Pick(turnedFirst),
                    Down = plan.Linear($"{attention}.kv_a_proj_with_mqa", latent + turned, plan.Width, bias),
                    DownNorm = Norm($"{attention}.kv_a_layernorm", latent),
                    Up = plan.Linear($"{attention}.kv_b_proj", (long)heads * (kept + values), latent).Pick(keysFirst),
                    Output = plan.Linear($"{attention}.o_proj", plan.Width, heads * values, bias),
                },
                BeforeFeedForward = plan.Rms($"layers.{layer}.post_attention_layernorm"),
            };
            if (layer < dense || layer % every != 0) return ExpertFamilies.Dense(plan, layer, described);
            return described with
            {
                Experts = ExpertFamilies.OfEach(plan, $"layers.{layer}.mlp", "gate", sizes, routing(layer)) with
                {
                    Shared = shared > 0 ? plan.Gated($"layers.{layer}.mlp.shared_experts", shared * sizes.Inner, new(ActivationKind.Silu)) : null,
                },
            };
        });
    }

    /// <summary>Stretched positions make scores too even, which a larger scale mends.</summary>
    private static double Stretch(Settings settings)
    {
        if (RotarySettings.Given(settings, null) is not { } given || given.WordOrNull("rope_type", "type") is null or "default") return 1;
        var scale = given.RealOrNull("mscale_all_dim") is { } all and not 0 ? RotarySettings.YarnScale(given.Positive("factor", 1), all) : 1;
        return scale * scale;
    }

    public static DecoderDescription GptOss(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_tokens"), plan.HeadSize, plan.Inner);
        var (count, used, window, bias) = (settings.Size("num_local_experts"), settings.Size("num_experts_per_tok", "experts_per_token"), settings.SizeOrNull("sliding_window") ?? 128, settings.Flag("attention_bias", true));
        settings.Pass("initial_context_length");
        ExpertFamilies.Silu(plan);
        var (limit, rotary) = (settings.Positive("swiglu_limit", 7), RotarySettings.Read(settings, size, plan.Context, usualBase: 150000));
        var sliding = plan.Sliding(layer => layer % 2 == 0);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false), plan.Rms("norm"), layer => new()
        {
            BeforeAttention = plan.Rms($"layers.{layer}.input_layernorm"),
            Attention = LlamaRelatives.Attention(plan, layer, size, rotary, bias, bias) with
            {
                Window = sliding[layer] ? window : 0,
                Sinks = plan.Numbers($"layers.{layer}.self_attn.sinks", plan.Heads),
            },
            BeforeFeedForward = plan.Rms($"layers.{layer}.post_attention_layernorm"),
            Experts = new()
            {
                Count = count,
                Used = used,
                Inner = inner,
                Router = plan.Linear($"layers.{layer}.mlp.router", count, plan.Width, bias: true),
                Routing = new(RoutingKind.Softmax) { Normalizes = true },
                Up = new(Stacked(plan, $"layers.{layer}.mlp.experts.gate_up_proj", count, 2 * inner, plan.Width), plan.Numbers($"layers.{layer}.mlp.experts.gate_up_proj_bias", count, 2L * inner)),
                Down = new(Stacked(plan, $"layers.{layer}.mlp.experts.down_proj", count, plan.Width, inner), plan.Numbers($"layers.{layer}.mlp.experts.down_proj_bias", count, plan.Width)),
                Alpha = 1.702f,
                Beta = 1,
                Limit = limit,
            },
        });
    }

    /// <summary>Published inputs by outputs; as blocks of four-bit floats, outputs by inputs.</summary>
    private static WeightSource Stacked(Plan plan, string name, int count, int outputs, int inputs) =>
        plan.Checkpoint.Find(plan.Root + name) is { Type: StoredType.Mxfp4 } ? plan.Rows(name, count, outputs, inputs) : new TransposedRows(plan.Root + name, [count, inputs, outputs]);

    /// <summary>A flag, or a number in the first configurations.</summary>
    private static bool Tunes(Settings settings) =>
        settings.Raw("attn_temperature_tuning") is { ValueKind: JsonValueKind.Number } number ? number.TryGetDouble(out var strength) && strength != 0 : settings.Flag("attn_temperature_tuning", true);

    public static DecoderDescription Llama4(Plan plan)
    {
        var (settings, size, bias, chunk) = (plan.Settings, plan.HeadSize, plan.Settings.Flag("attention_bias", false), plan.Settings.SizeOrNull("attention_chunk_size") ?? 8192);
        var (count, used, inner, dense) = (settings.Size("num_local_experts"), settings.Size("num_experts_per_tok"), plan.Inner, settings.Size("intermediate_size_mlp"));
        if (used != 1) throw settings.Unknown("num_experts_per_tok", $"{used}");
        var (step, given, normed) = (Math.Max(1, settings.Count("interleave_moe_layer_step", 1)), settings.Numbers("moe_layers"), settings.Flag("use_qk_norm", true));
        var growth = Tunes(settings) ? new QueryGrowth(settings.Positive("attn_scale", 0.1), settings.Positive("floor_scale", 8192)) : null;
        settings.Pass("attn_scale", "floor_scale", "for_llm_compressor", "router_jitter_noise", "layer_types", "cache_implementation");
        ExpertFamilies.Silu(plan);
        var rotates = LlamaFamilies.Rotates(plan);
        var decoder = LlamaFamilies.Usual(plan, new()
        {
            Bias = bias,
            OutputBias = bias,
            Interleaved = true,
            RotaryBase = 500000,
            Rotates = layer => rotates[layer],
            Inner = (layer, described) =>
            {
                var path = $"layers.{layer}.feed_forward";
                var sparse = given is { Length: > 0 } ? given.Contains(layer) : (layer + 1) % step == 0;
                if (!sparse) return described with { FeedForward = plan.Gated(path, dense, new(ActivationKind.Silu)) };
                return described with
                {
                    Experts = new()
                    {
                        Count = count,
                        Used = used,
                        Inner = inner,
                        Router = plan.Linear($"{path}.router", count, plan.Width),
                        Routing = new(RoutingKind.ScaledInput),
                        Up = new(new TransposedRows($"{plan.Root}{path}.experts.gate_up_proj", [count, plan.Width, 2L * inner]).Pick(ExpertFamilies.InTurn(count, inner))),
                        Down = new(new TransposedRows($"{plan.Root}{path}.experts.down_proj", [count, inner, plan.Width])),
                        Shared = plan.Gated($"{path}.shared_expert", inner, new(ActivationKind.Silu)),
                    },
                };
            },
        });
        var even = new NormDescription(false, new ConstantRows(size, 1, 1), null, plan.RmsEpsilon);
        return decoder with
        {
            Layers = [.. decoder.Layers.Select((layer, i) => layer with
            {
                Attention = layer.Attention! with
                {
                    Chunk = rotates[i] ? chunk : 0,
                    Growth = rotates[i] ? null : growth,
                    NormsHeads = true,
                    NormsRotated = true,
                    QueryNorm = normed && rotates[i] ? even : null,
                    KeyNorm = normed && rotates[i] ? even : null,
                },
            })],
        };
    }
}
