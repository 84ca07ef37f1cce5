using ModelAtlas.Inference.Generation;

namespace ModelAtlas.Inference.Models;

/// <summary>How likely a decoder finds a text.</summary>
public static class Likelihood
{
    /// <summary>ln p of each token but the first, given those before it.</summary>
    public static IReadOnlyList<float> Of(IDecoder decoder, ReadOnlySpan<int> text, CancellationToken cancellationToken)
    {
        var found = new List<float>(text.Length - 1);
        decoder.Truncate(0, 0);
        var chunk = decoder.Chunk(text.Length);
        for (var start = 0; start < text.Length - 1; start += chunk)
        {
            var part = text.Slice(start, Math.Min(chunk, text.Length - 1 - start));
            var logits = decoder.AppendForAll(0, part, text.Length, cancellationToken);
            for (var i = 0; i < part.Length; i++) found.Add(LogProbabilities.Of(logits.Slice(i * decoder.Vocabulary, decoder.Vocabulary), text[start + i + 1]));
        }
        return found;
    }
}
