using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Generation;

/// <summary>How the next token is drawn. Temperature 0 takes the likeliest.</summary>
/// <param name="TopK">0: all tokens.</param>
public sealed record Sampling(double Temperature = 1, int TopK = 0, double TopP = 1, double MinP = 0, double RepetitionPenalty = 1)
{
    /// <summary>Plain argmax: no penalty, no draw.</summary>
    public static Sampling Greedy { get; } = new(Temperature: 0);

    /// <summary>One sentence on the first value that cannot be; null when all can.</summary>
    public string? Complaint() => this switch
    {
        { Temperature: not (>= 0 and <= 100) } => $"temperature {Temperature} is out of range: give 0 to 100 (0 takes the likeliest token).",
        { TopK: < 0 } => $"top_k {TopK} is out of range: give 1 or more, or 0 for all tokens.",
        { TopP: not (> 0 and <= 1) } => $"top_p {TopP} is out of range: give more than 0, up to 1.",
        { MinP: not (>= 0 and <= 1) } => $"min_p {MinP} is out of range: give 0 to 1.",
        { RepetitionPenalty: not (> 0 and <= 100) } => $"repetition_penalty {RepetitionPenalty} is out of range: give more than 0, up to 100 (1 is none).",
        _ => null,
    };
}

/// <summary>What a caller asked for; null leaves it to the model's own settings.</summary>
public sealed record SamplingWish(bool Greedy = false, double? Temperature = null, int? TopK = null, double? TopP = null, double? MinP = null, double? RepetitionPenalty = null, int? Seed = null)
{
    /// <summary>top_k where neither caller nor model says one, as other engines have it.</summary>
    private const int UsualTopK = 50;

    public Sampling Over(GenerationDefaults defaults)
    {
        if (Greedy) return Sampling.Greedy;
        var samples = Temperature > 0 || TopK > 0 || TopP is not null || MinP is not null || Seed is not null || defaults.Samples is true;
        return new(
            Temperature ?? (samples ? defaults.Temperature ?? 1 : 0),
            TopK ?? defaults.TopK ?? UsualTopK,
            TopP ?? defaults.TopP ?? 1,
            MinP ?? defaults.MinP ?? 0,
            RepetitionPenalty ?? defaults.RepetitionPenalty ?? 1);
    }
}
