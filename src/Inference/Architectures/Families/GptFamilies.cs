using System.Text.Json;
using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>GPT-2 and what grew from it.</summary>
internal static class GptFamilies
{
    private static readonly string[] _parts = ["q_proj", "k_proj", "v_proj"];

    /// <summary>Its matrices are stored inputs by outputs.</summary>
    public static DecoderDescription Gpt2(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("wte"), plan.Divided);
        settings.Pass("reorder_and_upcast_attn", "n_ctx", "n_positions");
        var (epsilon, activation, inner) = (settings.Positive("layer_norm_epsilon", 1e-5), plan.Activation("activation_function", "gelu_new"), settings.SizeOrNull("n_inner") ?? 4 * plan.Width);
        var (scales, byLayer) = (settings.Flag("scale_attn_weights", true), settings.Flag("scale_attn_by_inverse_layer_idx", false));
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("ln_f", epsilon), layer => new()
        {
            BeforeAttention = plan.Centered($"h.{layer}.ln_1", epsilon),
            Attention = new()
            {
                Heads = plan.Heads,
                KeyValueHeads = plan.Heads,
                HeadSize = size,
                Input = plan.Turned($"h.{layer}.attn.c_attn", 3L * plan.Width, plan.Width),
                Output = plan.Turned($"h.{layer}.attn.c_proj", plan.Width, plan.Width),
                Scale = (scales ? 1 / MathF.Sqrt(size) : 1) / (byLayer ? layer + 1 : 1),
            },
            BeforeFeedForward = plan.Centered($"h.{layer}.ln_2", epsilon),
            FeedForward = new()
            {
                Up = plan.Turned($"h.{layer}.mlp.c_fc", inner, plan.Width),
                Down = plan.Turned($"h.{layer}.mlp.c_proj", plan.Width, inner),
                Activation = activation,
                Gated = false,
            },
        });
        return Positioned(plan, decoder, "wpe");
    }

    /// <summary>StarCoder: one key for all queries, or queries, keys and values of each head together.</summary>
    public static DecoderDescription BigCode(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("wte"), plan.Divided);
        settings.Pass("n_ctx");
        var (epsilon, activation, inner) = (settings.Positive("layer_norm_epsilon", 1e-5), plan.Activation("activation_function", "gelu_pytorch_tanh"), settings.SizeOrNull("n_inner") ?? 4 * plan.Width);
        var (scales, one) = (settings.Flag("scale_attn_weights", true), settings.Flag("multi_query", true));
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("ln_f", epsilon), layer =>
        {
            var input = plan.Linear($"h.{layer}.attn.c_attn", plan.Width + 2L * (one ? size : plan.Width), plan.Width, bias: true);
            return new()
            {
                BeforeAttention = plan.Centered($"h.{layer}.ln_1", epsilon),
                Attention = new()
                {
                    Heads = plan.Heads,
                    KeyValueHeads = one ? 1 : plan.Heads,
                    HeadSize = size,
                    Input = one ? input : input.Pick(ByGroups(plan.Heads, 1, size)),
                    Output = plan.Linear($"h.{layer}.attn.c_proj", plan.Width, plan.Width, bias: true),
                    Scale = scales ? 1 / MathF.Sqrt(size) : 1,
                },
                BeforeFeedForward = plan.Centered($"h.{layer}.ln_2", epsilon),
                FeedForward = CenteredFamilies.Plain(plan, $"h.{layer}.mlp", "c_fc", "c_proj", inner, activation, bias: true),
            };
        });
        return Positioned(plan, decoder, "wpe");
    }

    /// <summary>Scores are not scaled; some layers see a window.</summary>
    public static DecoderDescription GptNeo(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("wte"), plan.Divided);
        var (epsilon, activation, inner) = (settings.Positive("layer_norm_epsilon", 1e-5), plan.Activation("activation_function", "gelu_new"), settings.SizeOrNull("intermediate_size") ?? 4 * plan.Width);
        var (window, kinds) = (settings.Size("window_size"), LayerKinds(plan));
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("ln_f", epsilon), layer => new()
        {
            BeforeAttention = plan.Centered($"h.{layer}.ln_1", epsilon),
            Attention = new()
            {
                Heads = plan.Heads,
                KeyValueHeads = plan.Heads,
                HeadSize = size,
                Input = LinearDescription.Stack([.. _parts.Select(part => plan.Linear($"h.{layer}.attn.attention.{part}", plan.Width, plan.Width))]),
                Output = plan.Linear($"h.{layer}.attn.attention.out_proj", plan.Width, plan.Width, bias: true),
                Scale = 1,
                Window = kinds[layer] == "local" ? window : 0,
            },
            BeforeFeedForward = plan.Centered($"h.{layer}.ln_2", epsilon),
            FeedForward = CenteredFamilies.Plain(plan, $"h.{layer}.mlp", "c_fc", "c_proj", inner, activation, bias: true),
        });
        return Positioned(plan, decoder, "wpe");
    }

    public static DecoderDescription GptJ(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("wte"), plan.Divided);
        var (epsilon, activation, inner) = (settings.Positive("layer_norm_epsilon", 1e-5), plan.Activation("activation_function", "gelu_new"), settings.SizeOrNull("n_inner") ?? 4 * plan.Width);
        var turned = settings.SizeOrNull("rotary_dim") ?? size;
        settings.Pass("scale_attn_weights", "n_ctx");
        if (turned > size || turned % 2 != 0) throw settings.Unknown("rotary_dim", $"{turned}");
        var rotary = RotarySettings.Plain(10000, turned, interleaved: true);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false, bias: true), plan.Centered("ln_f", epsilon), layer => new()
        {
            Parallel = true,
            BeforeAttention = plan.Centered($"h.{layer}.ln_1", epsilon),
            Attention = new()
            {
                Heads = plan.Heads,
                KeyValueHeads = plan.Heads,
                HeadSize = size,
                Input = LinearDescription.Stack([.. _parts.Select(part => plan.Linear($"h.{layer}.attn.{part}", plan.Width, plan.Width))]),
                Output = plan.Linear($"h.{layer}.attn.out_proj", plan.Width, plan.Width),
                Scale = 1 / MathF.Sqrt(size),
                Rotary = rotary,
            },
            FeedForward = CenteredFamilies.Plain(plan, $"h.{layer}.mlp", "fc_in", "fc_out", inner, activation, bias: true),
        });
    }

    public static DecoderDescription GptNeoX(Plan plan)
    {
        var (settings, table, size, inner) = (plan.Settings, plan.Table("embed_in"), plan.Divided, plan.Inner);
        var (epsilon, activation) = (settings.Positive("layer_norm_eps", 1e-5), plan.Activation("hidden_act", "gelu"));
        var (bias, parallel) = (settings.Flag("attention_bias", true), settings.Flag("use_parallel_residual", true));
        var rotary = RotarySettings.Read(settings, RotarySettings.Part(settings, size, 0.25), plan.Context);
        return plan.Decoder(table, plan.Head(table, usuallyTied: false, name: "embed_out"), plan.Centered("final_layer_norm", epsilon), layer => new()
        {
            Parallel = parallel,
            BeforeAttention = plan.Centered($"layers.{layer}.input_layernorm", epsilon),
            Attention = new()
            {
                Heads = plan.Heads,
                KeyValueHeads = plan.Heads,
                HeadSize = size,
                Input = plan.Linear($"layers.{layer}.attention.query_key_value", 3L * plan.Width, plan.Width, bias).Pick(ByGroups(plan.Heads, 1, size)),
                Output = plan.Linear($"layers.{layer}.attention.dense", plan.Width, plan.Width, bias),
                Scale = 1 / MathF.Sqrt(size),
                Rotary = rotary,
            },
            BeforeFeedForward = plan.Centered($"layers.{layer}.post_attention_layernorm", epsilon),
            FeedForward = CenteredFamilies.Plain(plan, $"layers.{layer}.mlp", "dense_h_to_4h", "dense_4h_to_h", inner, activation, bias: true),
        });
    }

    public static DecoderDescription Opt(Plan plan)
    {
        var (settings, small) = (plan.Settings, plan.Settings.SizeOrNull("word_embed_proj_dim") ?? plan.Width);
        var (table, size, inner) = (plan.Table("embed_tokens", small), plan.Divided, settings.Size("ffn_dim"));
        var (activation, bias, before) = (plan.Activation("activation_function", "relu"), settings.Flag("enable_bias", true), settings.Flag("do_layer_norm_before", true));
        settings.Only("layer_norm_elementwise_affine", true);
        settings.Pass("output_projection");
        var final = before && !settings.Flag("_remove_final_layer_norm", false);
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), final ? plan.Centered("final_layer_norm", 1e-5f) : null, layer =>
        {
            var (first, second) = (plan.Centered($"layers.{layer}.self_attn_layer_norm", 1e-5f), plan.Centered($"layers.{layer}.final_layer_norm", 1e-5f));
            return new()
            {
                BeforeAttention = before ? first : null,
                OfAttentionSum = before ? null : first,
                Attention = new()
                {
                    Heads = plan.Heads,
                    KeyValueHeads = plan.Heads,
                    HeadSize = size,
                    Input = plan.QueryKeyValue($"layers.{layer}.self_attn", bias),
                    Output = plan.Linear($"layers.{layer}.self_attn.out_proj", plan.Width, plan.Width, bias),
                    Scale = 1 / MathF.Sqrt(size),
                },
                BeforeFeedForward = before ? second : null,
                OfFeedForwardSum = before ? null : second,
                FeedForward = CenteredFamilies.Plain(plan, $"layers.{layer}", "fc1", "fc2", inner, activation, bias),
            };
        });
        return decoder with
        {
            Embedding = decoder.Embedding with
            {
                Positions = plan.Rows("embed_positions.weight", plan.Context + 2, plan.Width).Part(2, plan.Context),
                Projection = small == plan.Width ? null : plan.Linear("project_in", plan.Width, small),
            },
            Head = decoder.Head with { Before = small == plan.Width ? null : plan.Linear("project_out", small, plan.Width) },
        };
    }

    /// <summary>From queries, keys and values of each group of heads together to all queries, all keys, all values.</summary>
    public static int[] ByGroups(int groups, int queries, int size)
    {
        IEnumerable<int> Rows(int first, int count) => Enumerable.Range(0, groups).SelectMany(group => Enumerable.Range((group * (queries + 2) + first) * size, count * size));
        return [.. Rows(0, queries), .. Rows(queries, 1), .. Rows(queries + 1, 1)];
    }

    private static DecoderDescription Positioned(Plan plan, DecoderDescription decoder, string name) => decoder with
    {
        Embedding = decoder.Embedding with { Positions = plan.Rows(name + ".weight", plan.Context, plan.Width) },
    };

    /// <summary>attention_layers, or attention_types: [[["global", "local"], 12]].</summary>
    private static string[] LayerKinds(Plan plan)
    {
        var (settings, kinds) = (plan.Settings, plan.Settings.Words("attention_layers"));
        var types = settings.Raw("attention_types");
        if (kinds is null && types is { ValueKind: JsonValueKind.Array } given)
        {
            var read = new List<string>();
            foreach (var type in given.EnumerateArray())
            {
                if (type.ValueKind != JsonValueKind.Array || type.GetArrayLength() != 2 || type[0].ValueKind != JsonValueKind.Array || !type[1].TryGetInt32(out var times) || times is < 0 or > 1024) throw settings.Unknown("attention_types", "another form");
                for (var i = 0; i < times && read.Count <= plan.Layers; i++) read.AddRange(type[0].EnumerateArray().Select(kind => kind.ToString()));
            }
            kinds = [.. read];
        }
        kinds ??= [.. Enumerable.Range(0, plan.Layers).Select(layer => layer % 2 == 0 ? "global" : "local")];
        if (kinds.Length != plan.Layers || kinds.Any(kind => kind is not ("global" or "local"))) throw settings.Unknown("attention_layers", $"{kinds.Length} for {plan.Layers} layers");
        return kinds;
    }
}
