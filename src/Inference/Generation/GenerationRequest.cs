namespace ModelAtlas.Inference.Generation;

/// <summary>One prompt and how to go on from it.</summary>
public sealed record GenerationRequest(IReadOnlyList<int> Prompt, Sampling Sampling)
{
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>Tokens that end the text; they are no part of it.</summary>
    public IReadOnlyList<int> EndIds { get; init; } = [];

    /// <summary>Texts that end the text; they are no part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    public int Seed { get; init; }

    /// <summary>Alternatives to tell with each token; null tells no probabilities at all.</summary>
    public int? Logprobs { get; init; }
}

public enum FinishReason
{
    /// <summary>The model ended the text.</summary>
    Eos,

    /// <summary>max_new_tokens, or the model's context, is used up.</summary>
    Length,

    /// <summary>A stop string.</summary>
    Stop,

    Cancelled,
}

/// <summary>One step of a generation, as it happens.</summary>
/// <param name="Token">Null in the last step of a text that ended by other means than a token.</param>
/// <param name="Text">What can be shown now; empty while a letter or a stop string is incomplete.</param>
public sealed record GenerationEvent(int? Token, string Text, FinishReason? Finish)
{
    public float? LogProbability { get; init; }
    public IReadOnlyList<TokenLogProbability> Alternatives { get; init; } = [];
}
