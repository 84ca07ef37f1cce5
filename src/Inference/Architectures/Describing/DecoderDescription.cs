namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>Everything about a decoder that its graph follows from. A family of models is a function from its configuration to this.</summary>
internal sealed record DecoderDescription
{
    public required int Vocabulary { get; init; }
    public required int Width { get; init; }

    /// <summary>Most tokens of a sequence.</summary>
    public required int Context { get; init; }

    public required EmbeddingDescription Embedding { get; init; }
    public required IReadOnlyList<LayerDescription> Layers { get; init; }
    public NormDescription? FinalNorm { get; init; }
    public required HeadDescription Head { get; init; }
}

internal sealed record EmbeddingDescription(WeightSource Table)
{
    public float Multiplier { get; init; } = 1;

    /// <summary>Learned positions, the row of position zero first.</summary>
    public WeightSource? Positions { get; init; }

    /// <summary>From the width of the table to that of the decoder.</summary>
    public LinearDescription? Projection { get; init; }
    public NormDescription? Norm { get; init; }
}

internal sealed record HeadDescription(LinearDescription Projection)
{
    /// <summary>Back to the width of the table, before the head.</summary>
    public LinearDescription? Before { get; init; }
    public float Multiplier { get; init; } = 1;
    public float SoftCap { get; init; }
}

/// <summary>y = W x + b.</summary>
internal sealed record LinearDescription(WeightSource Weight, WeightSource? Bias = null)
{
    public int Inputs => Weight.Width;
    public long Outputs => Weight.Rows;

    /// <summary>Several products of one input as one.</summary>
    public static LinearDescription Stack(params IReadOnlyList<LinearDescription> parts) => new(
        WeightSource.Stack([.. parts.Select(part => part.Weight)]),
        parts.All(part => part.Bias is null) ? null : WeightSource.Stack([.. parts.Select(part => part.Bias ?? new ConstantRows(part.Outputs, 1, 0))]));

    public LinearDescription Pick(int[] order) => new(Weight.Pick(order), Bias?.Pick(order));

    public LinearDescription Part(long first, long count) => new(Weight.Part(first, count), Bias?.Part(first, count));
}

/// <param name="Weight">Rows of one number.</param>
internal sealed record NormDescription(bool Centers, WeightSource Weight, WeightSource? Bias, float Epsilon);

internal sealed record LayerDescription
{
    /// <summary>One of both.</summary>
    public AttentionDescription? Attention { get; init; }
    public LatentAttentionDescription? Latent { get; init; }

    /// <summary>One of both.</summary>
    public FeedForwardDescription? FeedForward { get; init; }
    public ExpertsDescription? Experts { get; init; }

    /// <summary>Of what goes into the attention; null where nothing is normalised.</summary>
    public NormDescription? BeforeAttention { get; init; }

    /// <summary>Of what the attention gives, before it is added.</summary>
    public NormDescription? AfterAttention { get; init; }

    /// <summary>Of what goes into the feed-forward part. In a parallel layer without one it reads what the attention reads.</summary>
    public NormDescription? BeforeFeedForward { get; init; }
    public NormDescription? AfterFeedForward { get; init; }

    /// <summary>Of the sums themselves, as the first transformers had it.</summary>
    public NormDescription? OfAttentionSum { get; init; }
    public NormDescription? OfFeedForwardSum { get; init; }

    /// <summary>Attention and feed-forward read the same and are added together.</summary>
    public bool Parallel { get; init; }

    /// <summary>Of what is added to the stream.</summary>
    public float ResidualMultiplier { get; init; } = 1;
}
