namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>Angles of rotated positions: each pair of dimensions turns with its own frequency.</summary>
/// <param name="Frequencies">Radians a token.</param>
/// <param name="Interleaved">Pairs are neighbours; else the first half pairs with the second.</param>
internal sealed record RotaryDescription(double[] Frequencies, bool Interleaved)
{
    public int Size => Frequencies.Length * 2;

    /// <summary>Of cosine and sine.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Frequencies of texts longer than <see cref="LongAbove"/>.</summary>
    public double[]? Long { get; init; }
    public double LongFactor { get; init; } = 1;
    public int LongAbove { get; init; }

    /// <summary>The base grows with the text beyond the context that the model was trained with.</summary>
    public DynamicBase? Dynamic { get; init; }

    public string Key => $"{string.Join(' ', Frequencies)} {Interleaved} {Factor} {string.Join(' ', Long ?? [])} {LongFactor} {LongAbove} {Dynamic}";

    public bool FollowsLength => Long is not null || Dynamic is not null;
}

internal sealed record DynamicBase(double Base, double Factor, int Trained);
