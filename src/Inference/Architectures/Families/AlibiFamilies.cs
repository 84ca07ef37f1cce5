using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>Decoders whose attention falls with the distance, and Falcon, which has that form too.</summary>
internal static class AlibiFamilies
{
    public static DecoderDescription Bloom(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("word_embeddings"), plan.Divided);
        settings.Only("apply_residual_connection_post_layernorm", false);
        settings.Pass("seq_length", "offset_alibi", "masked_softmax_fusion", "unk_token_id", "n_inner");
        var epsilon = settings.Positive("layer_norm_epsilon", 1e-5);
        var decoder = plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("ln_f", epsilon), layer => new()
        {
            BeforeAttention = plan.Centered($"h.{layer}.input_layernorm", epsilon),
            Attention = new()
            {
                Heads = plan.Heads,
                KeyValueHeads = plan.Heads,
                HeadSize = size,
                Input = plan.Linear($"h.{layer}.self_attention.query_key_value", 3L * plan.Width, plan.Width, bias: true).Pick(GptFamilies.ByGroups(plan.Heads, 1, size)),
                Output = plan.Linear($"h.{layer}.self_attention.dense", plan.Width, plan.Width, bias: true),
                Scale = 1 / MathF.Sqrt(size),
                Alibi = AlibiDescription.Usual(plan.Heads),
            },
            BeforeFeedForward = plan.Centered($"h.{layer}.post_attention_layernorm", epsilon),
            FeedForward = CenteredFamilies.Plain(plan, $"h.{layer}.mlp", "dense_h_to_4h", "dense_4h_to_h", 4 * plan.Width, new(ActivationKind.GeluTanh), bias: true),
        });
        return decoder with { Embedding = decoder.Embedding with { Norm = plan.Centered("word_embeddings_layernorm", epsilon) } };
    }

    public static DecoderDescription Mpt(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("wte"), plan.Divided);
        var attention = settings.Part("attn_config");
        attention?.Pass("attn_impl", "attn_pdrop", "attn_type", "attn_uses_sequence_id", "prefix_lm", "model_type", "kv_n_heads");
        attention?.Only("alibi", true);
        attention?.Only("qk_ln", false);
        if (attention?.WordOrNull("attn_type") is { } type and not "multihead_attention") throw settings.Unknown("attn_type", type);
        settings.Pass("init_config", "learned_pos_emb", "verbose", "embedding_fraction", "use_pad_tok_in_ffn", "no_bias", "ffn_config", "layer_norm_epsilon", "fc_type");
        settings.Only("no_bias", true);
        settings.Only("tie_word_embeddings", true);
        if (settings.RealOrNull("logit_scale") is { } scaled) throw settings.Unknown("logit_scale", $"{scaled}");
        if (settings.Word("norm_type", "low_precision_layernorm") is var norm and not ("low_precision_layernorm" or "layernorm")) throw settings.Unknown("norm_type", norm);
        var (epsilon, inner, scale, clip) = (settings.Positive("layer_norm_epsilon", 1e-5), settings.Count("expansion_ratio", 4) * plan.Width, attention?.RealOrNull("softmax_scale"), attention?.RealOrNull("clip_qkv"));
        var slopes = MptSlopes(plan.Heads, attention?.Real("alibi_bias_max", 8) ?? 8);
        return plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("norm_f", epsilon, bias: false), layer => new()
        {
            BeforeAttention = plan.Centered($"blocks.{layer}.norm_1", epsilon, bias: false),
            Attention = new()
            {
                Heads = plan.Heads,
                KeyValueHeads = plan.Heads,
                HeadSize = size,
                Input = plan.Linear($"blocks.{layer}.attn.Wqkv", 3L * plan.Width, plan.Width),
                Output = plan.Linear($"blocks.{layer}.attn.out_proj", plan.Width, plan.Width),
                Scale = (float)(scale ?? 1 / Math.Sqrt(size)),
                Clip = (float)(clip ?? 0),
                Alibi = slopes,
            },
            BeforeFeedForward = plan.Centered($"blocks.{layer}.norm_2", epsilon, bias: false),
            FeedForward = CenteredFamilies.Plain(plan, $"blocks.{layer}.ffn", "up_proj", "down_proj", inner, new(ActivationKind.Gelu), bias: false),
        });
    }

    /// <summary>Three forms: the first with slopes, the 7B with one key, the 40B with groups and two norms.</summary>
    public static DecoderDescription Falcon(Plan plan)
    {
        var (settings, table, size) = (plan.Settings, plan.Table("word_embeddings"), plan.Divided);
        var (grouped, one, bias, slopes) = (settings.Flag("new_decoder_architecture", false), settings.Flag("multi_query", true), settings.Flag("bias", false), settings.Flag("alibi", false));
        var parallel = settings.Flag("parallel_attn", true) || grouped;
        var norms = settings.Count("num_ln_in_parallel_attn", grouped ? 2 : 1);
        var epsilon = settings.Positive("layer_norm_epsilon", 1e-5);
        var (activation, inner) = (plan.Activation("activation", "gelu"), settings.SizeOrNull("ffn_hidden_size") ?? (settings.SizeOrNull("ff_factor") ?? 4) * plan.Width);
        settings.Only("apply_residual_connection_post_layernorm", false);
        var cached = grouped ? settings.SizeOrNull("num_kv_heads") ?? plan.Heads : one ? 1 : plan.Heads;
        settings.Pass("num_kv_heads", "n_head_kv");
        if (plan.Heads % cached != 0) throw settings.Unknown("num_kv_heads", $"{cached} for {plan.Heads} heads");
        var rotary = slopes ? null : RotarySettings.Read(settings, size, plan.Context);
        settings.Pass("rope_theta", "rope_scaling", "max_position_embeddings", "ff_factor");
        var order = grouped ? GptFamilies.ByGroups(cached, plan.Heads / cached, size) : one ? null : GptFamilies.ByGroups(plan.Heads, 1, size);
        var two = grouped && norms == 2;
        return plan.Decoder(table, plan.Head(table, usuallyTied: true), plan.Centered("ln_f", epsilon), layer =>
        {
            var input = plan.Linear($"h.{layer}.self_attention.query_key_value", (long)(plan.Heads + 2 * cached) * size, plan.Width, bias);
            return new()
            {
                Parallel = parallel,
                BeforeAttention = plan.Centered($"h.{layer}.{(two ? "ln_attn" : "input_layernorm")}", epsilon),
                Attention = new()
                {
                    Heads = plan.Heads,
                    KeyValueHeads = cached,
                    HeadSize = size,
                    Input = order is null ? input : input.Pick(order),
                    Output = plan.Linear($"h.{layer}.self_attention.dense", plan.Width, plan.Width, bias),
                    Scale = 1 / MathF.Sqrt(size),
                    Rotary = rotary,
                    // The family's own program adds the slopes twice: once to the mask, once to the scores.
                    Alibi = slopes ? AlibiDescription.Usual(plan.Heads, rounded: true) with { Factor = 2 / MathF.Sqrt(size) } : null,
                },
                BeforeFeedForward = two ? plan.Centered($"h.{layer}.ln_mlp", epsilon) : parallel ? null : plan.Centered($"h.{layer}.post_attention_layernorm", epsilon),
                FeedForward = CenteredFamilies.Plain(plan, $"h.{layer}.mlp", "dense_h_to_4h", "dense_4h_to_h", inner, activation, bias),
            };
        });
    }

    /// <summary>Slopes of the next power of two, every other one first, where the heads are no power of two.</summary>
    private static AlibiDescription MptSlopes(int heads, double most)
    {
        var power = 1;
        while (power < heads) power *= 2;
        var all = Enumerable.Range(1, power).Select(i => (float)Math.Pow(2, -most * i / power)).ToArray();
        return new(power == heads ? all : [.. all.Where((_, i) => i % 2 == 1).Concat(all.Where((_, i) => i % 2 == 0)).Take(heads)], Rounded: false);
    }
}
