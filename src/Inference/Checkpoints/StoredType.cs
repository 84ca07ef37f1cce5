namespace ModelAtlas.Inference.Checkpoints;

/// <summary>How a tensor is stored.</summary>
internal enum StoredType
{
    F64,
    F32,
    F16,
    BF16,
    F8E4M3,
    F8E5M2,
    F8E8M0,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    Bool,

    /// <summary>Blocks of GGUF, by the names that llama.cpp gives them.</summary>
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ4_NL,
    IQ4_XS,

    /// <summary>Groups along the input axis, in the layouts of AutoGPTQ, AutoAWQ and compressed-tensors.</summary>
    Gptq4,
    Gptq8,
    Awq4,
    Packed4,
    Packed8,

    /// <summary>bitsandbytes.</summary>
    Nf4,
    Fp4,
    Int8Rows,

    /// <summary>8-bit floats with a scale for each block, row or tensor.</summary>
    F8Scaled,

    /// <summary>Blocks of 32 four-bit floats that share a power of two.</summary>
    Mxfp4,
}
