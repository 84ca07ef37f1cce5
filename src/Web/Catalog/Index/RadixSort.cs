namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Sorts documents by a number each, byte by byte; equal ones stay in the order given.</summary>
internal static class RadixSort
{
    /// <summary>Sorts the documents by <c>keys[document]</c>.</summary>
    public static int[] Order(ReadOnlySpan<ulong> keys, int[] documents)
    {
        ulong any = 0, all = ulong.MaxValue;
        foreach (var document in documents) (any, all) = (any | keys[document], all & keys[document]);
        var (from, to) = (documents, new int[documents.Length]);
        Span<int> places = stackalloc int[256];
        for (var shift = 0; shift < 64; shift += 8)
        {
            if (((any ^ all) >> shift & 0xFF) == 0) continue; // the same in every key
            places.Clear();
            foreach (var document in from) places[(int)(keys[document] >> shift & 0xFF)]++;
            var next = 0;
            foreach (ref var place in places) (place, next) = (next, next + place);
            foreach (var document in from) to[places[(int)(keys[document] >> shift & 0xFF)]++] = document;
            (from, to) = (to, from);
        }
        return from;
    }
}
