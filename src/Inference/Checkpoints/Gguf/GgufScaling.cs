using System.Text.Json.Nodes;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>How rotary frequencies are scaled: said in words (linear, yarn), or as the factors themselves (llama3, longrope).</summary>
internal static class GgufScaling
{
    private const int MostFactors = 4096;

    public static JsonObject? Read(GgufFile file, string prefix, long headSize)
    {
        var metadata = file.Metadata;
        if (Factors(file, "rope_freqs.weight") is { } factors) return Llama3(file, prefix, headSize, factors);
        if (Factors(file, "rope_factors_long.weight") is { } longer && Factors(file, "rope_factors_short.weight") is { } shorter)
            return new() { ["type"] = "longrope", ["long_factor"] = List(longer), ["short_factor"] = List(shorter) };
        var factor = metadata.Real(prefix + "rope.scaling.factor") ?? metadata.Real(prefix + "rope.scale_linear") ?? 1;
        switch (metadata.Text(prefix + "rope.scaling.type") ?? (factor == 1 ? "none" : "linear"))
        {
            case "none": return null;
            case "linear": return factor == 1 ? null : new() { ["type"] = "linear", ["factor"] = factor };
            case "yarn":
                var yarn = new JsonObject { ["type"] = "yarn", ["factor"] = factor };
                if (metadata.Whole(prefix + "rope.scaling.original_context_length") is { } original) yarn["original_max_position_embeddings"] = original;
                return yarn;
            case var other: throw new ModelRefusedException($"{metadata.Path} scales its positions by {Models.Onnx.OnnxReader.Shown(other)}, which this engine does not know from GGUF: use the same model as safetensors.");
        }
    }

    /// <summary>The file holds the factor of each frequency; the four numbers behind them are those that all models of the kind have, and are checked.</summary>
    private static JsonObject Llama3(GgufFile file, string prefix, long headSize, float[] factors)
    {
        var (theta, factor) = (file.Metadata.Real(prefix + "rope.freq_base") ?? 10000, (double)factors.Max());
        const double Low = 1, High = 4, Original = 8192;
        for (var i = 0; i < factors.Length; i++)
        {
            var wave = 2 * Math.PI * Math.Pow(theta, 2.0 * i / headSize);
            var smooth = (Original / wave - Low) / (High - Low);
            var wanted = wave < Original / High ? 1 : wave > Original / Low ? factor : 1 / ((1 - smooth) / factor + smooth);
            if (factors.Length * 2 != headSize || Math.Abs(wanted - factors[i]) > 1e-3 * wanted)
                throw new ModelRefusedException($"{file.Path} stretches its positions by factors of its own, which this engine does not know from GGUF: use the same model as safetensors.");
        }
        return new() { ["rope_type"] = "llama3", ["factor"] = factor, ["low_freq_factor"] = Low, ["high_freq_factor"] = High, ["original_max_position_embeddings"] = (long)Original };
    }

    private static float[]? Factors(GgufFile file, string name)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor)) return null;
        if (tensor is not { Format.Type: StoredType.F32, Shape: [<= MostFactors and var count] }) throw new ModelRefusedException($"{file.Path} holds {name} in a form that it never has: fetch the model again.");
        var bytes = new byte[count * 4];
        GgufFile.Read(tensor, 0, bytes);
        var factors = new float[count];
        StoredNumbers.Convert(StoredType.F32, bytes, factors);
        return factors;
    }

    private static JsonArray List(float[] factors) => [.. factors.Select(factor => (JsonNode)GgufConfig.Rounded(factor))];
}
