namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Sorts documents by a number each, byte by byte; equal ones stay in the order given.</summary>
internal static class RadixSort
{
    /// <summary>Sorts the documents by <c>keys[document]</c>.</summary>
    public static int[] Order(ReadOnlySpan<ulong> keys, int[] documents)
    {
        ulong any = 0, all = ulong.MaxValue;
        // The keys move along with the documents, so that each pass reads both one after the other.
        var (from, to) = (documents, new int[documents.Length]);
        var (keysFrom, keysTo) = (new ulong[documents.Length], new ulong[documents.Length]);
        for (var at = 0; at < documents.Length; at++)
        {
            var key = keysFrom[at] = keys[documents[at]];
            (any, all) = (any | key, all & key);
        }
        Span<int> places = stackalloc int[256];
        for (var shift = 0; shift < 64; shift += 8)
        {
            if (((any ^ all) >> shift & 0xFF) == 0) continue; // the same in every key
            places.Clear();
            foreach (var key in keysFrom) places[(int)(key >> shift & 0xFF)]++;
            var next = 0;
            foreach (ref var place in places) (place, next) = (next, next + place);
            for (var at = 0; at < from.Length; at++)
            {
                var key = keysFrom[at];
                ref var place = ref places[(int)(key >> shift & 0xFF)];
                (to[place], keysTo[place]) = (from[at], key);
                place++;
            }
            (from, to, keysFrom, keysTo) = (to, from, keysTo, keysFrom);
        }
        return from;
    }
}
