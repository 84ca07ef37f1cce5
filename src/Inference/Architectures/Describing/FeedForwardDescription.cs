namespace ModelAtlas.Inference.Architectures.Describing;

internal enum ActivationKind
{
    Silu,
    Gelu,

    /// <summary>With the hyperbolic tangent.</summary>
    GeluTanh,
    GeluQuick,
    Relu,
    ReluSquared,
    XIelu,
}

/// <param name="Kind">What it computes.</param>
/// <param name="Learned">alpha_p, alpha_n, beta and eps of xIELU, one number each.</param>
internal sealed record ActivationDescription(ActivationKind Kind, IReadOnlyList<WeightSource>? Learned = null);

internal sealed record FeedForwardDescription
{
    /// <summary>The rows of the gate, then those that it gates; or the one matrix.</summary>
    public required LinearDescription Up { get; init; }
    public required LinearDescription Down { get; init; }
    public required ActivationDescription Activation { get; init; }
    public required bool Gated { get; init; }
}

/// <summary>Many feed-forward parts of which each token takes a few, all gated by SiLU.</summary>
internal sealed record ExpertsDescription
{
    public required int Count { get; init; }
    public required int Used { get; init; }

    /// <summary>Width of one expert.</summary>
    public required int Inner { get; init; }
    public required LinearDescription Router { get; init; }
    public required RoutingDescription Routing { get; init; }

    /// <summary>Of all experts one below the other: the rows of gate and up in turn.</summary>
    public required LinearDescription Up { get; init; }
    public required LinearDescription Down { get; init; }

    /// <summary>gate times the logistic function of alpha times gate, times what is gated plus beta; both cut at the limit.</summary>
    public float Alpha { get; init; } = 1;
    public float Beta { get; init; }
    public float Limit { get; init; }

    /// <summary>One that every token takes as well.</summary>
    public FeedForwardDescription? Shared { get; init; }

    /// <summary>Weighs <see cref="Shared"/> by its logistic function.</summary>
    public LinearDescription? SharedGate { get; init; }
}

internal enum RoutingKind
{
    /// <summary>Softmax over all experts, then the best.</summary>
    Softmax,

    /// <summary>The logistic function of each.</summary>
    Sigmoid,

    /// <summary>The two best, each by a softmax of its own over those that come close (Phi's MoE).</summary>
    SparseMixer,

    /// <summary>The best one, whose logistic function scales what goes into it (Llama 4).</summary>
    ScaledInput,
}

internal sealed record RoutingDescription(RoutingKind Kind)
{
    /// <summary>Weights of the chosen experts are made to sum to one.</summary>
    public bool Normalizes { get; init; }

    /// <summary>Added to the scores for the choice, not to the weights.</summary>
    public WeightSource? Correction { get; init; }

    /// <summary>The experts are chosen among those of the best groups.</summary>
    public int Groups { get; init; } = 1;
    public int UsedGroups { get; init; } = 1;

    /// <summary>A group is worth its best two, not its best one.</summary>
    public bool GroupsByTwo { get; init; }

    /// <summary>Of the experts' sum.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>How far below the best still counts as close, of <see cref="RoutingKind.SparseMixer"/>.</summary>
    public float Jitter { get; init; }

    /// <summary>What is added to the sum of weights before dividing by it.</summary>
    public float Epsilon { get; init; }
}
