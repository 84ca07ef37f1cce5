namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>
/// How values lie in the blocks of one type: <paramref name="Count"/> values in <paramref name="Bytes"/> bytes, one scale (and perhaps a minimum) for each <paramref name="Group"/> of them.
/// Unpacked, a value is scale (q - <see cref="Zero"/>) + minimum, with a q of <paramref name="Bits"/> bits: what the operator MatMulNBits holds.
/// </summary>
/// <param name="Bits">0: the values are plain numbers.</param>
internal sealed record GgufFormat(StoredType Type, int Count, int Bytes, int Group = 0, int Bits = 0, bool HasMinima = false)
{
    private static readonly Dictionary<uint, GgufFormat> _known = new()
    {
        [0] = new(StoredType.F32, 1, 4),
        [1] = new(StoredType.F16, 1, 2),
        [2] = new(StoredType.Q4_0, 32, 18, 32, 4),
        [3] = new(StoredType.Q4_1, 32, 20, 32, 4, true),
        [6] = new(StoredType.Q5_0, 32, 22, 32, 8),
        [7] = new(StoredType.Q5_1, 32, 24, 32, 8, true),
        [8] = new(StoredType.Q8_0, 32, 34, 32, 8),
        [10] = new(StoredType.Q2_K, 256, 84, 16, 4, true),
        [11] = new(StoredType.Q3_K, 256, 110, 16, 4),
        [12] = new(StoredType.Q4_K, 256, 144, 32, 4, true),
        [13] = new(StoredType.Q5_K, 256, 176, 32, 8, true),
        [14] = new(StoredType.Q6_K, 256, 210, 16, 8),
        [20] = new(StoredType.IQ4_NL, 32, 18, 32, 8),
        [23] = new(StoredType.IQ4_XS, 256, 136, 32, 8),
        [24] = new(StoredType.I8, 1, 1),
        [25] = new(StoredType.I16, 1, 2),
        [26] = new(StoredType.I32, 1, 4),
        [27] = new(StoredType.I64, 1, 8),
        [28] = new(StoredType.F64, 1, 8),
        [30] = new(StoredType.BF16, 1, 2),
        [39] = new(StoredType.Mxfp4, 32, 17, 32, 8),
    };

    private static readonly Dictionary<uint, string> _others = new()
    {
        [9] = "Q8_1",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
    };

    /// <summary>The q that stands for no step up or down.</summary>
    public int Zero => HasMinima ? 0 : Bits == 4 ? 8 : 128;

    public static GgufFormat? Of(uint type) => _known.GetValueOrDefault(type);

    public static string NameOf(uint type) => _others.TryGetValue(type, out var name) ? name : $"type {type}";
}
