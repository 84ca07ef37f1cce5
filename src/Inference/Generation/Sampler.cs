using System.Numerics.Tensors;

namespace ModelAtlas.Inference.Generation;

/// <summary>Draws the next token: repetition penalty, temperature, top_k, top_p, min_p, in this order. Allocates nothing once it has seen a vocabulary.</summary>
internal sealed class Sampler(Sampling sampling, Random random)
{
    private const int MostSelected = 1024;

    private float[] _scores = [];
    private int[] _candidates = [];
    private float[] _weights = [];

    /// <param name="history">Prompt and text so far, for the repetition penalty.</param>
    public int Pick(ReadOnlySpan<float> logits, ReadOnlySpan<int> history)
    {
        if (sampling is { Temperature: 0, RepetitionPenalty: 1 }) return Likeliest(logits);
        Prepare(logits, history);
        var scores = _scores.AsSpan(0, logits.Length);
        if (sampling.Temperature == 0) return Likeliest(scores);
        _ = Likeliest(scores); // refuses what is no number
        return Draw(Narrow(scores));
    }

    private static int Likeliest(ReadOnlySpan<float> scores)
    {
        var best = TensorPrimitives.IndexOfMax(scores);
        return best >= 0 && float.IsFinite(scores[best]) ? best : throw new ArithmeticException("The model's logits are no finite numbers: its weights overflow in this precision, choose others with --weights.");
    }

    private void Prepare(ReadOnlySpan<float> logits, ReadOnlySpan<int> history)
    {
        if (_scores.Length < logits.Length) (_scores, _candidates, _weights) = (new float[logits.Length], new int[logits.Length], new float[logits.Length]);
        logits.CopyTo(_scores);
        if (sampling.RepetitionPenalty != 1)
        {
            var penalty = (float)sampling.RepetitionPenalty;
            foreach (var token in history)
                if ((uint)token < (uint)logits.Length) _scores[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
        }
        if (sampling.Temperature is not (0 or 1)) TensorPrimitives.Divide(_scores.AsSpan(0, logits.Length), (float)sampling.Temperature, _scores);
    }

    /// <summary>Puts the tokens that may be drawn into <see cref="_candidates"/>, likeliest first, with their weights, and says how many there are.</summary>
    private int Narrow(ReadOnlySpan<float> scores)
    {
        var count = sampling.TopK is > 0 and <= MostSelected and var most && most < scores.Length ? SelectLikeliest(scores, most) : SelectAll(scores);
        var (best, total) = (_weights[0], 0.0);
        for (var i = 0; i < count; i++)
        {
            _weights[i] = MathF.Exp(_weights[i] - best);
            total += _weights[i];
        }
        if (sampling.TopP < 1)
        {
            var (sum, kept) = (0.0, 0);
            while (kept < count && sum < sampling.TopP * total) sum += _weights[kept++];
            count = Math.Max(1, kept);
        }
        if (sampling.MinP > 0)
            while (count > 1 && _weights[count - 1] < sampling.MinP) count--; // the likeliest weighs 1
        return count;
    }

    /// <summary>Most scores are below the lowest kept one, so that one comparison each is all they cost.</summary>
    private int SelectLikeliest(ReadOnlySpan<float> scores, int most)
    {
        var count = 0;
        for (var token = 0; token < scores.Length; token++)
        {
            var score = scores[token];
            if (count == most && score <= _weights[count - 1]) continue;
            var at = count < most ? count++ : count - 1;
            for (; at > 0 && _weights[at - 1] < score; at--) (_weights[at], _candidates[at]) = (_weights[at - 1], _candidates[at - 1]);
            (_weights[at], _candidates[at]) = (score, token);
        }
        return count;
    }

    /// <summary>All tokens, or the top_k of them; those too unlikely ever to be drawn are left out of the sorting.</summary>
    private int SelectAll(ReadOnlySpan<float> scores)
    {
        const float Unlikely = 25; // e^-25 of the likeliest, times a vocabulary of a million, is below float precision
        var (floor, count) = (TensorPrimitives.Max(scores) - Unlikely, 0);
        for (var token = 0; token < scores.Length; token++)
            if (scores[token] >= floor) (_weights[count], _candidates[count++]) = (scores[token], token);
        TensorPrimitives.Negate(_weights.AsSpan(0, count), _weights);
        _weights.AsSpan(0, count).Sort(_candidates.AsSpan(0, count));
        TensorPrimitives.Negate(_weights.AsSpan(0, count), _weights);
        return sampling.TopK > 0 ? Math.Min(count, sampling.TopK) : count;
    }

    private int Draw(int count)
    {
        var total = 0.0;
        for (var i = 0; i < count; i++) total += _weights[i];
        var left = random.NextDouble() * total;
        for (var i = 0; i < count - 1; i++)
        {
            left -= _weights[i];
            if (left < 0) return _candidates[i];
        }
        return _candidates[count - 1];
    }
}
