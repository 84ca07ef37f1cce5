using System.Text.Json;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Web.Playground;

/// <summary>What somebody wants generated: a text to go on from, or a chat.</summary>
internal sealed record TextOrder(ServedModel Model, SamplingWish Sampling)
{
    public string? Prompt { get; init; }

    /// <summary>What the model's chat template takes.</summary>
    public JsonElement? Chat { get; init; }

    public int? MaxNewTokens { get; init; }
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Alternatives to tell with each token; null tells no probabilities.</summary>
    public int? Logprobs { get; init; }

    /// <summary>The prompt is wanted back as the model reads it.</summary>
    public bool TellsPrompt { get; init; }

    /// <summary>How many texts; each has a seed of its own.</summary>
    public int Texts { get; init; } = 1;
}
