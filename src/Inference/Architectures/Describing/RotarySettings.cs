namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>Reads how positions are rotated, from the older settings (rope_theta, rope_scaling) or the newer (rope_parameters).</summary>
internal static class RotarySettings
{
    /// <param name="size">Dimensions of a head that are rotated.</param>
    /// <param name="usualBase">Where no setting says it.</param>
    public static RotaryDescription Read(Settings settings, int size, int context, bool interleaved = false, double usualBase = 10000, string? kind = null)
    {
        var given = Given(settings, kind);
        var theta = given?.RealOrNull("rope_theta") ?? settings.Real(["rope_theta", "rotary_emb_base"], usualBase);
        return Scaled(given, settings, theta, size, context, interleaved);
    }

    /// <summary>The part of a head that is rotated.</summary>
    public static int Part(Settings settings, int headSize, double usual = 1, string? kind = null)
    {
        var part = (Given(settings, kind)?.RealOrNull("partial_rotary_factor") ?? settings.Real(["partial_rotary_factor", "rotary_pct"], usual)) * headSize;
        return part is >= 2 && part <= headSize ? (int)part / 2 * 2 : throw settings.Unknown("partial_rotary_factor", $"{part / headSize}");
    }

    /// <summary>Just one frequency base, without any scaling.</summary>
    public static RotaryDescription Plain(double theta, int size, bool interleaved = false) => new(Frequencies(theta, size), interleaved);

    public static Settings? Given(Settings settings, string? kind)
    {
        settings.Pass("rope_theta", "rope_scaling", "rope_parameters");
        var parameters = settings.Part("rope_parameters");
        if (kind is not null && parameters?.Part(kind) is { } own)
        {
            parameters.Pass("full_attention", "sliding_attention");
            return own;
        }
        return parameters ?? settings.Part("rope_scaling");
    }

    private static double[] Frequencies(double theta, int size) => [.. Enumerable.Range(0, size / 2).Select(i => Math.Pow(theta, -2.0 * i / size))];

    private static RotaryDescription Scaled(Settings? given, Settings settings, double theta, int size, int context, bool interleaved)
    {
        if (theta is not (> 0 and < 1e15)) throw settings.Unknown("rope_theta", $"{theta}");
        var plain = new RotaryDescription(Frequencies(theta, size), interleaved);
        var kind = given?.WordOrNull("rope_type", "type");
        given?.Pass("partial_rotary_factor", "rope_theta");
        switch (kind)
        {
            case null or "default": return plain;
            case "linear": return plain with { Frequencies = [.. plain.Frequencies.Select(frequency => frequency / given!.Positive("factor", 1))] };
            case "dynamic": return plain with { Dynamic = new(theta, given!.Positive("factor", 1), given.SizeOrNull("original_max_position_embeddings") ?? context) };
            case "llama3": return plain with { Frequencies = Llama3(plain.Frequencies, given!) };
            case "yarn": return Yarn(plain, given!, theta, context);
            case "longrope" or "su": return LongRope(plain, given!, settings, context);
            default: throw given!.Unknown("rope_type", kind);
        }
    }

    /// <summary>Slow turns are slowed further, quick ones are left, and between both it slides.</summary>
    private static double[] Llama3(double[] frequencies, Settings given)
    {
        var (factor, low, high, trained) = (given.Positive("factor", 8), given.Positive("low_freq_factor", 1), given.Positive("high_freq_factor", 4), given.Size("original_max_position_embeddings"));
        return [.. frequencies.Select(frequency =>
        {
            var turns = trained * frequency / (2 * Math.PI);
            var smooth = Math.Clamp((turns - low) / (high - low), 0, 1);
            return frequency * (smooth + (1 - smooth) / factor);
        })];
    }

    private static RotaryDescription Yarn(RotaryDescription plain, Settings given, double theta, int context)
    {
        var trained = given.SizeOrNull("original_max_position_embeddings") ?? context;
        var factor = given.RealOrNull("factor") is { } said ? given.Positive("factor", said) : (double)context / trained;
        var (fast, slow, size) = (given.Positive("beta_fast", 32), given.Positive("beta_slow", 1), plain.Size);
        double Dimension(double turns) => size * Math.Log(trained / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
        var (from, to) = (Dimension(fast), Dimension(slow));
        if (given.Flag("truncate", true)) (from, to) = (Math.Floor(from), Math.Ceiling(to));
        (from, to) = (Math.Max(from, 0), Math.Min(to, size - 1));
        if (from == to) to += 0.001;
        return plain with
        {
            Factor = YarnFactor(given, factor),
            Frequencies = [.. plain.Frequencies.Select((frequency, i) =>
            {
                var slowed = Math.Clamp((i - from) / (to - from), 0, 1);
                return frequency / factor * slowed + frequency * (1 - slowed);
            })],
        };
    }

    private static double YarnFactor(Settings given, double factor)
    {
        var (one, all) = (given.RealOrNull("mscale"), given.RealOrNull("mscale_all_dim"));
        if (given.RealOrNull("attention_factor") is { } said) return said;
        return one is not (null or 0) && all is not (null or 0) ? YarnScale(factor, one.Value) / YarnScale(factor, all.Value) : YarnScale(factor, 1);
    }

    /// <summary>What attention loses by stretched positions, by the paper.</summary>
    public static double YarnScale(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;

    private static RotaryDescription LongRope(RotaryDescription plain, Settings given, Settings settings, int context)
    {
        var trained = settings.SizeOrNull("original_max_position_embeddings") ?? given.SizeOrNull("original_max_position_embeddings") ?? context;
        var stretch = settings.Has("original_max_position_embeddings") || given.RealOrNull("factor") is null ? (double)context / trained : given.Positive("factor", 1);
        var factor = given.RealOrNull("attention_factor") ?? (stretch <= 1 ? 1 : Math.Sqrt(1 + Math.Log(stretch) / Math.Log(trained)));
        given.Pass("factor", "original_max_position_embeddings");
        double[] Divided(string name)
        {
            var factors = given.Numbers(name) ?? throw given.Unknown(name, null);
            if (factors.Length != plain.Frequencies.Length || factors.Any(value => value <= 0)) throw given.Unknown(name, $"{factors.Length} numbers where the head has {plain.Frequencies.Length} pairs");
            return [.. plain.Frequencies.Zip(factors, (frequency, divisor) => frequency / divisor)];
        }
        var (shortFactor, longFactor) = (given.RealOrNull("short_mscale") ?? factor, given.RealOrNull("long_mscale") ?? factor);
        return plain with { Factor = shortFactor, LongFactor = longFactor, Frequencies = Divided("short_factor"), Long = Divided("long_factor"), LongAbove = trained };
    }
}
