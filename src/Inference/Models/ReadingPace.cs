namespace ModelAtlas.Inference.Models;

/// <summary>How many tokens of a prompt are read in one run. A stop takes hold between two operators, so that none of them may take long; and a graph that gives the logits behind each token must not fill memory with them.</summary>
internal sealed class ReadingPace(ModelPackage package, bool onGpu)
{
    private const int Longest = 512;

    /// <summary>As fast as 512 there, and the room that a run works in is half as large.</summary>
    private const int LongestOnCpu = 256;
    private const int Shortest = 32;
    private const long MostLogitBytes = 64 * 1024 * 1024;

    /// <summary>Multiplications of one operator: some 50 ms on two cores.</summary>
    private const long MostWork = 3_000_000_000;

    private readonly long _matrix = package.File.Graph.LargestMatrix(package.Vocabulary);
    private readonly long _attention = package.Ports.Caches.Max(cache => cache.TokenBytes / cache.ElementSize) * GroupSize(package);

    /// <param name="length">What the text comes to.</param>
    public int Chunk(int length, bool wholeLogits)
    {
        var chunk = (long)(onGpu ? Longest : LongestOnCpu);
        if (wholeLogits) chunk = Math.Min(chunk, Math.Max(64, MostLogitBytes / ((long)package.Vocabulary * sizeof(float))));
        if (!onGpu) chunk = Math.Min(chunk, Math.Max(Shortest, MostWork / Math.Max(1, Math.Max(_matrix, 2 * _attention * length))));
        return (int)chunk;
    }

    /// <summary>Query heads for each key-value head.</summary>
    private static long GroupSize(ModelPackage package) => package.Config is { Heads: { } heads, CacheHeads: { } cached } && cached < heads ? heads / cached : 1;
}
