using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>Puts the tensors of a quantised checkpoint together to weights, in the way that its configuration names.</summary>
internal static class QuantisedWeights
{
    /// <exception cref="ModelRefusedException">The way is not known, or a tensor does not fit it.</exception>
    public static Dictionary<string, Weight> Read(string folder, JsonElement config, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var pool = new TensorPool(folder, tensors);
        if (Settings(folder, config) is not { } found) return pool.All();
        JsonElement? settings = found;
        switch (settings.Text("quant_method") ?? Guess(pool))
        {
            case "gptq": GptqScheme.Take(pool, settings); break;
            case "awq": AwqScheme.Take(pool, settings); break;
            case "bitsandbytes": BitsAndBytesScheme.Take(pool); break;
            case "fp8" or "fbgemm_fp8": FloatScheme.Take(pool, Block(folder, settings)); break;
            case "compressed-tensors" or "compressed_tensors": CompressedScheme.Take(pool, settings); break;
            case "mxfp4": Mxfp4Scheme.Take(pool); break;
            case var other: throw new ModelRefusedException($"{folder} is quantised by {OnnxReader.Shown(other ?? "a method that it does not name")}, which this engine does not read: use another form of the model.");
        }
        return pool.All();
    }

    /// <summary>The configuration of the model that the weights make when they are read: it is no longer quantised.</summary>
    public static JsonElement Unpacked(JsonElement config)
    {
        var kept = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var setting in config.EnumerateObject())
            if (setting.Name is not ("quantization_config" or "compression_config"))
                kept[setting.Name] = setting is { Name: "text_config", Value.ValueKind: JsonValueKind.Object } ? Unpacked(setting.Value) : setting.Value;
        return JsonSerializer.SerializeToElement(kept);
    }

    /// <summary>Of the whole model, wherever they stand; older files of GPTQ and AWQ have them in a file of their own.</summary>
    private static JsonElement? Settings(string folder, JsonElement config)
    {
        JsonElement? root = config;
        return root.Member("quantization_config") ?? root.Member("compression_config") ?? root.Member("text_config").Member("quantization_config")
            ?? ModelJson.Read(folder, "quantize_config.json") ?? ModelJson.Read(folder, "quant_config.json");
    }

    private static string? Guess(TensorPool pool) => pool.Before(".g_idx").Count > 0 ? "gptq" : pool.Before(".qweight").Count > 0 ? "awq" : null;

    private static (long Outputs, long Inputs)? Block(string folder, JsonElement? settings) => settings.Numbers("weight_block_size") switch
    {
        null => null,
        [> 0 and <= 65536 and var outputs, > 0 and <= 65536 and var inputs] => (outputs, inputs),
        _ => throw new ModelRefusedException($"{folder} names blocks of an impossible size in its weight_block_size: fetch the model again."),
    };
}
