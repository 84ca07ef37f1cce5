using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>What of a graph is what: its token, mask and position inputs, its caches, its logits. Names and types come from the graph itself.</summary>
internal sealed record DecoderPorts(OnnxPort Ids, OnnxPort? Mask, OnnxPort? Positions, OnnxPort? LogitsToKeep, OnnxPort? UseCache, OnnxPort Logits, IReadOnlyList<CachePort> Caches)
{
    /// <summary>True when past and present may be one buffer: every cache is written by an operator that allows it.</summary>
    public bool CanShare { get; private init; }

    /// <summary>True when one run may hold several sequences.</summary>
    public bool CanBatch { get; private init; }

    public static DecoderPorts Find(OnnxFile file, ModelConfig config)
    {
        var graph = file.Graph;
        var inputs = graph.Inputs.ToDictionary(port => port.Name, StringComparer.Ordinal);
        OnnxPort? Take(string usual) => inputs.Remove(config.NameOf(usual), out var port) ? port : null;
        var ids = Take("input_ids") ?? throw new ModelRefusedException($"{file.Name} takes no token ids: it does not generate text.");
        var (mask, positions, keep, useCache) = (Take("attention_mask"), Take("position_ids"), Take("num_logits_to_keep"), Take("use_cache_branch"));
        var logits = graph.Outputs.Find(port => port.Name == config.NameOf("logits")) ?? throw new ModelRefusedException($"{file.Name} gives no logits: it does not generate text.");
        foreach (var port in new[] { ids, mask, positions })
            if (port is { Type: not (OnnxType.Int64 or OnnxType.Int32) }) throw new ModelRefusedException($"{file.Name} wants {OnnxReader.Shown(port.Name)} as {port.Type}: only whole numbers are supported.");
        if (logits.Type is not (OnnxType.Float or OnnxType.Half)) throw new ModelRefusedException($"{file.Name} gives its logits as {logits.Type}: only float32 and float16 are supported.");
        if (keep is { Type: not OnnxType.Int64 } || useCache is { Type: not OnnxType.Bool }) throw new ModelRefusedException($"{file.Name} has an input of a kind that is not known here.");
        var caches = CacheLayout.Find(file, config, inputs.Values, graph.Outputs.Where(port => port != logits));
        if (caches.Count == 0) throw new ModelRefusedException($"{file.Name} keeps no cache, so every token would cost the whole text again: use an export with past_key_values.");
        return new(ids, mask, positions, keep, useCache, logits, caches)
        {
            CanShare = mask is not null && caches.All(cache => cache.BatchAxis == 0 && graph.FusedCaches.Contains(cache.Present)) && !graph.HasUnknownBranch,
            CanBatch = graph.Inputs.All(port => port.Shape is not [{ Size: 1 }, _, ..] || port == keep) && graph is { TableSwitch: null, TableGrows: null, HasUnknownBranch: false },
        };
    }
}
