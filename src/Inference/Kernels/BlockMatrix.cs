namespace ModelAtlas.Inference.Kernels;

/// <summary>Weights of MatMulNBits: of each output <paramref name="blocks"/> blocks of 32 4-bit numbers, two to a byte; a scale of each; zero points of 4 bits, two to a byte, each output from a byte on, or null where all are 8.</summary>
internal readonly unsafe struct BlockMatrix(int outputs, int blocks, byte* weights, float* scales, byte* zeros)
{
    public int Outputs => outputs;

    public int Blocks => blocks;

    public byte* Weights => weights;

    public float* Scales => scales;

    public byte* ZerosOf(int output) => zeros is null ? null : zeros + ((long)output * ((blocks + 1) / 2));

    public int Zero(int output, int block) => zeros is null ? 8 : zeros[((long)output * ((blocks + 1) / 2)) + (block >> 1)] >> (4 * (block & 1)) & 15;
}
