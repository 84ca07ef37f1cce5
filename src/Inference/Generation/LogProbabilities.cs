using System.Numerics.Tensors;

namespace ModelAtlas.Inference.Generation;

/// <summary>How likely the model finds a token, in nats, before any temperature.</summary>
public readonly record struct TokenLogProbability(int Token, float LogProbability)
{
    /// <summary>The token alone as text; null where nobody asked for it, or the model has no tokenizer.</summary>
    public string? Text { get; init; }
}

public static class LogProbabilities
{
    public static float Of(ReadOnlySpan<float> logits, int token) => (float)(logits[token] - LogSum(logits));

    /// <summary>The likeliest tokens, likeliest first.</summary>
    public static IReadOnlyList<TokenLogProbability> Likeliest(ReadOnlySpan<float> logits, int count)
    {
        var (sum, best) = (LogSum(logits), new List<TokenLogProbability>(count + 1));
        for (var token = 0; token < logits.Length && count > 0; token++)
        {
            var value = (float)(logits[token] - sum);
            if (best.Count == count && value <= best[^1].LogProbability) continue;
            var at = best.FindIndex(other => other.LogProbability < value);
            best.Insert(at < 0 ? best.Count : at, new(token, value));
            if (best.Count > count) best.RemoveAt(count);
        }
        return best;
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        var (max, sum) = (TensorPrimitives.Max(logits), 0.0);
        foreach (var logit in logits) sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }
}
