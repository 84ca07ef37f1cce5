using System.Globalization;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>The tensors of a GGUF file under the names of the Hub.</summary>
internal sealed class GgufNames
{
    private const long MostExperts = 4096;

    private static readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal)
    {
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
        ["ffn_gate_inp"] = "mlp.gate",
        ["ffn_gate_shexp"] = "mlp.shared_expert.gate_proj",
        ["ffn_up_shexp"] = "mlp.shared_expert.up_proj",
        ["ffn_down_shexp"] = "mlp.shared_expert.down_proj",
        ["ffn_gate_inp_shexp"] = "mlp.shared_expert_gate",
    };

    private static readonly Dictionary<string, string> _expertParts = new(StringComparer.Ordinal)
    {
        ["ffn_gate_exps"] = "gate_proj",
        ["ffn_up_exps"] = "up_proj",
        ["ffn_down_exps"] = "down_proj",
    };

    private readonly GgufFile _file;
    private readonly GgufFamily _family;
    private readonly int _queryHeads;
    private readonly int _keyHeads;
    private readonly bool _mixtral;
    private readonly Dictionary<string, Weight> _weights = new(StringComparer.Ordinal);

    private GgufNames(GgufFile file, GgufFamily family)
    {
        (_file, _family) = (file, family);
        (_queryHeads, _keyHeads) = GgufConfig.Heads(file.Metadata);
        _mixtral = family.ModelType == "llama" && GgufConfig.Experts(file.Metadata) > 0;
        foreach (var tensor in file.Tensors.Values) Add(tensor);
    }

    /// <exception cref="ModelRefusedException">A tensor has no place in a model of this family.</exception>
    public static Dictionary<string, Weight> Read(GgufFile file, GgufFamily family) => new GgufNames(file, family)._weights;

    private void Add(GgufTensor tensor)
    {
        var parts = tensor.Name.Split('.');
        switch (parts)
        {
            case ["token_embd", "weight"]: Add("model.embed_tokens.weight", tensor); break;
            case ["output", "weight"]: Add("lm_head.weight", tensor); break;
            case ["output_norm", "weight"]: AddNorm("model.norm.weight", tensor); break;
            case ["rope_freqs" or "rope_factors_long" or "rope_factors_short", "weight"]: break; // the configuration is made from them
            case ["blk", var number, var role, "weight" or "bias"] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer):
                AddToLayer($"model.layers.{layer}.", role, "." + parts[3], tensor);
                break;
            default: throw Unknown(tensor);
        }
    }

    private void AddToLayer(string layer, string role, string suffix, GgufTensor tensor)
    {
        if (_family.Norms.TryGetValue(role, out var norm)) AddNorm(layer + norm + suffix, tensor);
        else if (role is "attn_q_norm" or "attn_k_norm") AddNorm(layer + _parts[role] + suffix, tensor);
        else if (_family.Fused && role is "attn_qkv") Add(layer + "self_attn.qkv_proj" + suffix, tensor);
        else if (_family.Fused && role is "ffn_up") Add(layer + "mlp.gate_up_proj" + suffix, tensor);
        else if (_expertParts.TryGetValue(role, out var part)) AddExperts(layer, part, suffix, tensor);
        else if (_mixtral && role == "ffn_gate_inp") Add(layer + "block_sparse_moe.gate" + suffix, tensor);
        else if (role is "attn_rot_embd" or "rope_freqs") return;
        else if (_parts.TryGetValue(role, out var name)) Add(layer + name + suffix, tensor, Place(role, tensor), role == "ffn_gate_inp_shexp" && tensor.Shape.Count == 1 ? [1, tensor.Shape[0]] : null);
        else throw Unknown(tensor);
    }

    /// <summary>One stack of matrices in the file; one matrix for each expert on the Hub.</summary>
    private void AddExperts(string layer, string part, string suffix, GgufTensor tensor)
    {
        if (tensor.Shape is not [> 0 and <= MostExperts and var experts, var outputs, var inputs]) throw Unknown(tensor);
        for (var expert = 0L; expert < experts; expert++)
        {
            var name = _mixtral
                ? $"{layer}block_sparse_moe.experts.{expert}.{part switch { "gate_proj" => "w1", "up_proj" => "w3", _ => "w2" }}{suffix}"
                : $"{layer}mlp.experts.{expert}.{part}{suffix}";
            Add(name, tensor, new(FirstRow: expert * outputs), [outputs, inputs]);
        }
    }

    private GgufPlace Place(string role, GgufTensor tensor)
    {
        if (!_family.Permuted || role is not ("attn_q" or "attn_k")) return default;
        var heads = role == "attn_q" ? _queryHeads : _keyHeads;
        return tensor.Shape[0] % (2L * heads) == 0
            ? new(HeadSize: (int)(tensor.Shape[0] / heads))
            : throw new ModelRefusedException($"{_file.Path} has {tensor.Shape[0]} rows in {OnnxReader.Shown(tensor.Name)}, which its {heads} heads do not share evenly: fetch the model again.");
    }

    private void AddNorm(string name, GgufTensor tensor) => Add(name, tensor, new(Added: _family.NormsPlusOne ? -1 : 0));

    private void Add(string name, GgufTensor tensor, GgufPlace place = default, IReadOnlyList<long>? shape = null)
    {
        if (!_weights.TryAdd(name, new GgufWeight(tensor, shape ?? tensor.Shape, place))) throw Unknown(tensor);
    }

    private ModelRefusedException Unknown(GgufTensor tensor) =>
        new($"{_file.Path} holds the tensor {OnnxReader.Shown(tensor.Name)}, which has no place in a model of the kind {_family.ModelType} as this engine knows it: use the same model as safetensors or ONNX.");
}
