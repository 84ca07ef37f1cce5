namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>What all attention forms share.</summary>
internal abstract record AttentionForm
{
    public required int Heads { get; init; }

    /// <summary>Of queries and keys.</summary>
    public required int HeadSize { get; init; }
    public required LinearDescription Output { get; init; }
    public required float Scale { get; init; }
    public RotaryDescription? Rotary { get; init; }
}

internal sealed record AttentionDescription : AttentionForm
{
    public required int KeyValueHeads { get; init; }

    /// <summary>The rows of all queries, then of all keys, then of all values, head by head.</summary>
    public required LinearDescription Input { get; init; }

    public NormDescription? QueryNorm { get; init; }
    public NormDescription? KeyNorm { get; init; }

    /// <summary>The norms go over each head, not over all heads together; weights are those of one head, or of each.</summary>
    public bool NormsHeads { get; init; }

    /// <summary>The norms come behind the rotation.</summary>
    public bool NormsRotated { get; init; }

    /// <summary>Tokens that a query sees, itself included; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>A query sees what lies in its own stretch of so many tokens; 0 for all.</summary>
    public int Chunk { get; init; }

    public float SoftCap { get; init; }

    /// <summary>Queries, keys and values are cut to plus and minus this; 0 for no limit.</summary>
    public float Clip { get; init; }

    /// <summary>One number a head that takes part in the softmax and gives nothing.</summary>
    public WeightSource? Sinks { get; init; }
    public AlibiDescription? Alibi { get; init; }
    public QueryGrowth? Growth { get; init; }
}

/// <summary>Keys and values come from one small vector a token (multi-head latent attention).</summary>
internal sealed record LatentAttentionDescription : AttentionForm
{
    /// <summary>From the layer's input, or from the normed small vector of queries.</summary>
    public required LinearDescription Query { get; init; }
    public LinearDescription? QueryDown { get; init; }
    public NormDescription? QueryNorm { get; init; }

    /// <summary>The small vector, then the part of the keys that is rotated and that all heads share.</summary>
    public required LinearDescription Down { get; init; }
    public required NormDescription DownNorm { get; init; }

    /// <summary>Keys of all heads, then values of all heads.</summary>
    public required LinearDescription Up { get; init; }

    /// <summary>Of the vector that <see cref="Up"/> reads.</summary>
    public required int LatentSize { get; init; }

    /// <summary>Of a head: rotated dimensions come first, then the others. Heads of <see cref="Query"/> are in the same order.</summary>
    public required int RotatedSize { get; init; }
    public required int ValueSize { get; init; }
}

/// <summary>Scores fall with the distance; a slope for each head.</summary>
/// <param name="Rounded">Products are rounded to bfloat16, as the model was trained.</param>
internal sealed record AlibiDescription(IReadOnlyList<float> Slopes, bool Rounded)
{
    /// <summary>Of the products, once they are rounded.</summary>
    public float Factor { get; init; } = 1;

    public string Key => $"{string.Join(' ', Slopes)} {Rounded} {Factor}";

    /// <summary>The slopes of the paper: powers of 2^(-most/n); between powers of two the ones of twice as many heads fill up.</summary>
    public static AlibiDescription Usual(int heads, double most = 8, bool rounded = false)
    {
        var closest = 1 << (int)Math.Floor(Math.Log2(heads));
        var slopes = Enumerable.Range(1, closest).Select(i => Math.Pow(2, -most / closest * i))
            .Concat(Enumerable.Range(0, heads - closest).Select(i => Math.Pow(2, -most / (2 * closest) * (2 * i + 1))));
        return new([.. slopes.Select(slope => (float)slope)], rounded);
    }
}

/// <summary>Queries without rotation grow with the logarithm of their position: 1 + scale ln(1 + floor((position + 1) / floor)).</summary>
internal sealed record QueryGrowth(float Scale, float Floor);
