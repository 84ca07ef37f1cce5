using System.Text.Json;

namespace ModelAtlas.Inference.Models;

/// <summary>How a model is meant to generate: generation_config.json, or the search part of genai_config.json. Null where it is silent.</summary>
public sealed record GenerationDefaults
{
    /// <summary>Null where the model does not say whether it samples or takes the likeliest token.</summary>
    public bool? Samples { get; init; }
    public double? Temperature { get; init; }
    public int? TopK { get; init; }
    public double? TopP { get; init; }
    public double? MinP { get; init; }
    public double? RepetitionPenalty { get; init; }
    public int? MaxNewTokens { get; init; }

    /// <summary>Tokens that end a text.</summary>
    public IReadOnlyList<int> EndIds { get; init; } = [];

    public int? BeginId { get; init; }

    /// <summary>Of a model folder; null where nothing there tells it.</summary>
    public static GenerationDefaults? Of(string folder)
    {
        try
        {
            return Read(folder, ModelConfig.Read(folder));
        }
        catch (ModelRefusedException)
        {
            return null;
        }
    }

    internal static GenerationDefaults Read(string folder, ModelConfig config)
    {
        JsonElement? json = ModelJson.Read(folder, "generation_config.json");
        if (json is null && ModelJson.Read(folder, "genai_config.json") is { } genai) json = ((JsonElement?)genai).Member("search");
        var ends = json.Numbers("eos_token_id") is { Count: > 0 } own ? own : config.EndIds;
        return new()
        {
            Samples = json.Flag("do_sample"),
            Temperature = json.Real("temperature") is >= 0 and <= 100 and var temperature ? temperature : null,
            TopK = json.Whole("top_k") is >= 0 and <= int.MaxValue and var topK ? (int)topK : null,
            TopP = json.Real("top_p") is > 0 and <= 1 and var topP ? topP : null,
            MinP = json.Real("min_p") is >= 0 and <= 1 and var minP ? minP : null,
            RepetitionPenalty = json.Real("repetition_penalty") is > 0 and <= 100 and var penalty ? penalty : null,
            MaxNewTokens = json.Whole("max_new_tokens") is > 0 and <= int.MaxValue and var most ? (int)most : null,
            EndIds = [.. ends.Select(id => id is >= int.MinValue and <= int.MaxValue ? (int)id : int.MaxValue)],
            BeginId = (json.Whole("bos_token_id") ?? config.BeginId) is >= 0 and <= int.MaxValue and var begin ? (int)begin : null,
        };
    }
}
