using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>The families of decoders that are known here, by the model_type that configurations give.</summary>
internal static class Family
{
    private static readonly Dictionary<string, Func<Plan, DecoderDescription>> _known = new(StringComparer.Ordinal)
    {
        ["llama"] = LlamaFamilies.Llama,
        ["mistral"] = LlamaFamilies.Mistral,
        ["qwen2"] = LlamaFamilies.Qwen2,
        ["qwen3"] = LlamaFamilies.Qwen3,
        ["smollm3"] = LlamaFamilies.SmolLm3,
        ["seed_oss"] = LlamaFamilies.SeedOss,
        ["ernie4_5"] = LlamaFamilies.Ernie,
        ["granite"] = LlamaFamilies.Granite,
        ["phi3"] = LlamaFamilies.Phi3,
        ["gemma"] = LlamaRelatives.Gemma,
        ["gemma2"] = LlamaRelatives.Gemma2,
        ["gemma3"] = LlamaRelatives.Gemma3,
        ["gemma3_text"] = LlamaRelatives.Gemma3,
        ["olmo"] = LlamaRelatives.Olmo,
        ["olmo2"] = LlamaRelatives.Olmo2,
        ["olmo3"] = LlamaRelatives.Olmo3,
        ["exaone4"] = LlamaRelatives.Exaone4,
        ["glm4"] = LlamaRelatives.Glm4,
        ["apertus"] = LlamaRelatives.Apertus,
        ["phi"] = CenteredFamilies.Phi,
        ["starcoder2"] = CenteredFamilies.StarCoder2,
        ["nemotron"] = CenteredFamilies.Nemotron,
        ["stablelm"] = CenteredFamilies.StableLm,
        ["cohere"] = CenteredFamilies.Cohere,
        ["cohere2"] = CenteredFamilies.Cohere2,
        ["gpt2"] = GptFamilies.Gpt2,
        ["gpt_bigcode"] = GptFamilies.BigCode,
        ["gpt_neo"] = GptFamilies.GptNeo,
        ["gptj"] = GptFamilies.GptJ,
        ["gpt_neox"] = GptFamilies.GptNeoX,
        ["opt"] = GptFamilies.Opt,
        ["bloom"] = AlibiFamilies.Bloom,
        ["mpt"] = AlibiFamilies.Mpt,
        ["falcon"] = AlibiFamilies.Falcon,
        ["mixtral"] = ExpertFamilies.Mixtral,
        ["qwen2_moe"] = ExpertFamilies.Qwen2Moe,
        ["qwen3_moe"] = ExpertFamilies.Qwen3Moe,
        ["olmoe"] = ExpertFamilies.Olmoe,
        ["granitemoe"] = ExpertFamilies.GraniteMoe,
        ["phimoe"] = ExpertFamilies.PhiMoe,
        ["ernie4_5_moe"] = ExpertFamilies.ErnieMoe,
        ["deepseek_v2"] = LargeExpertFamilies.DeepSeek2,
        ["deepseek_v3"] = LargeExpertFamilies.DeepSeek3,
        ["gpt_oss"] = LargeExpertFamilies.GptOss,
        ["llama4"] = LargeExpertFamilies.Llama4,
        ["llama4_text"] = LargeExpertFamilies.Llama4,
    };

    /// <summary>Buffers that older programs saved beside the weights.</summary>
    private static readonly string[] _buffers = [".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"];

    /// <summary>The description of a checkpoint; every setting is understood and every tensor used, or it is refused.</summary>
    /// <exception cref="ModelRefusedException">It is of no family known here, or says what its family does not.</exception>
    public static DecoderDescription Describe(ICheckpoint checkpoint)
    {
        var whole = new Settings(checkpoint.Config, "config.json");
        var kind = whole.WordOrNull("model_type") ?? throw new ModelRefusedException("config.json does not say its model_type, so nobody knows what its weights mean: fetch the whole model.");
        var (settings, sees) = (whole, false);
        if (whole.Part("text_config") is { } text) // of a model that also sees or hears
        {
            (settings, sees) = (text, true);
            kind = text.WordOrNull("model_type") ?? kind;
        }
        if (!_known.TryGetValue(kind, out var family))
            throw new ModelRefusedException($"config.json is of the family {OnnxReader.Shown(kind)}, which has no description here; known are {string.Join(", ", _known.Keys.Order(StringComparer.Ordinal))}.");
        var plan = new Plan(settings, checkpoint);
        var decoder = family(plan);
        settings.RefuseUnknown();
        if (sees) plan.SpareRoots.AddRange(["vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector.", "vision_model.", "audio_tower.", "visual.", "model.visual."]);
        CheckTensors(checkpoint, decoder, plan);
        return decoder;
    }

    private static void CheckTensors(ICheckpoint checkpoint, DecoderDescription decoder, Plan plan)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in DescribedWeights.Of(decoder))
        {
            source.Check(checkpoint);
            used.UnionWith(source.Names);
        }
        foreach (var name in checkpoint.Names)
            if (!used.Contains(name) && !plan.Spare.Contains(name) && !plan.SpareRoots.Exists(root => name.StartsWith(root, StringComparison.Ordinal))
                && !Array.Exists(_buffers, buffer => name.EndsWith(buffer, StringComparison.Ordinal)) && !IsZeroBias(checkpoint, name))
                throw new ModelRefusedException($"The weights hold {OnnxReader.Shown(name)}, which this kind of model does not have: it would be ignored, and the answers wrong.");
    }

    /// <summary>Some programs write a bias of zeros beside every quantised matrix.</summary>
    private static bool IsZeroBias(ICheckpoint checkpoint, string name)
    {
        if (!name.EndsWith(".bias", StringComparison.Ordinal) || checkpoint.Get(name) is not { RowLength: 1, Rows: <= 1 << 20 } bias) return false;
        var numbers = new float[bias.Rows];
        bias.Read(0, numbers);
        return Array.TrueForAll(numbers, number => number == 0);
    }
}
