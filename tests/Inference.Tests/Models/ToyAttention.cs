namespace ModelAtlas.Inference.Tests.Models;

public enum ToyAttention
{
    /// <summary>Of plain operators, with a cache that grows by each token.</summary>
    Plain,

    /// <summary>One operator, so that past and present may share a buffer.</summary>
    Fused,

    /// <summary>The same beside weights of 4 bits, so that the cache is kept in 16.</summary>
    Narrow,
}
