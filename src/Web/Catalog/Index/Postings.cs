namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A rising list of documents as bytes: how many, then how far each is from the one before.</summary>
internal static class Postings
{
    /// <summary>Bytes that are enough for any list of so many.</summary>
    public static int Most(int count) => (count + 1) * VarInt.Longest;

    public static int Write(ReadOnlySpan<int> documents, Span<byte> into)
    {
        var at = 0;
        VarInt.Write(into, ref at, documents.Length);
        var last = 0;
        foreach (var document in documents)
        {
            VarInt.Write(into, ref at, document - last);
            last = document;
        }
        return at;
    }

    public static int Count(ReadOnlySpan<byte> list)
    {
        var at = 0;
        return VarInt.Read(list, ref at);
    }

    public static void Read(ReadOnlySpan<byte> list, Span<int> into)
    {
        var (at, document) = (0, 0);
        into = into[..VarInt.Read(list, ref at)];
        foreach (ref var next in into) next = document += VarInt.Read(list, ref at);
    }

    public static void AddTo(Span<ulong> bits, ReadOnlySpan<byte> list)
    {
        var (at, document) = (0, 0);
        for (var left = VarInt.Read(list, ref at); left > 0; left--) Bits.Add(bits, document += VarInt.Read(list, ref at));
    }
}
