namespace ModelAtlas.Inference.Kernels;

/// <summary>One head of a cache: rows of <paramref name="size"/> numbers for each token, and how many query heads share it.</summary>
internal readonly unsafe struct CacheHead(Half* keys, Half* values, int size, int group)
{
    public Half* Keys => keys;

    public Half* Values => values;

    public int Size => size;

    public int Group => group;
}
