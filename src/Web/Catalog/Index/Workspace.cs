using System.Buffers;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Memory that one question needs for its own sets, given back when it is answered.</summary>
internal sealed class Workspace(int documents) : IDisposable
{
    private readonly List<ulong[]> _bits = [];
    private readonly List<int[]> _lists = [];

    public int Documents => documents;

    public int Words { get; } = Index.Bits.Words(documents);

    /// <summary>Bits in an undefined state, of which <see cref="Words"/> are meant.</summary>
    public ulong[] Bits()
    {
        var bits = ArrayPool<ulong>.Shared.Rent(Math.Max(1, Words));
        _bits.Add(bits);
        return bits;
    }

    public ulong[] NoBits()
    {
        var bits = Bits();
        bits.AsSpan(0, Words).Clear();
        return bits;
    }

    /// <summary>A list in an undefined state.</summary>
    public int[] List(int length)
    {
        var list = ArrayPool<int>.Shared.Rent(Math.Max(1, length));
        _lists.Add(list);
        return list;
    }

    public DocSet Bitmap(ulong[] bits) => DocSet.Bitmap(bits, Words, Index.Bits.Count(bits.AsSpan(0, Words)));

    public DocSet Listed(DocSet set)
    {
        if (!set.IsBits) return set;
        var list = List(set.Count);
        return DocSet.Listed(list, 0, Index.Bits.List(set.Bits, list));
    }

    public ReadOnlySpan<ulong> AsBits(DocSet set)
    {
        if (set.IsBits) return set.Bits;
        var bits = NoBits();
        foreach (var document in set.List) Index.Bits.Add(bits, document);
        return bits.AsSpan(0, Words);
    }

    /// <summary>Everything that is in any of the sets.</summary>
    public DocSet Union(IReadOnlyList<DocSet> sets)
    {
        if (sets is []) return DocSet.Empty;
        if (sets is [var only] && (!only.IsBits || only.Bits.Length == Words)) return only;
        var union = new DocUnion(this);
        foreach (var set in sets) union.Add(set);
        return union.Build();
    }

    /// <summary>The set without some of its documents.</summary>
    public DocSet Without(DocSet set, ReadOnlySpan<ulong> left)
    {
        if (set.IsBits)
        {
            var bits = NoBits();
            set.Bits.CopyTo(bits);
            Index.Bits.AndNot(bits.AsSpan(0, Words), left);
            return Bitmap(bits);
        }
        var list = List(set.Count);
        var kept = 0;
        foreach (var document in set.List)
            if (!Index.Bits.Has(left, document)) list[kept++] = document;
        return DocSet.Listed(list, 0, kept);
    }

    /// <summary>What is in all of the sets, of which there is at least one.</summary>
    public DocSet Intersection(ReadOnlySpan<DocSet> sets)
    {
        var first = 0;
        for (var at = 1; at < sets.Length; at++)
            if (sets[at].IsBits == sets[first].IsBits ? sets[at].Count < sets[first].Count : !sets[at].IsBits) first = at;
        if (sets.Length == 1) return sets[0];
        if (!sets[first].IsBits)
        {
            var list = List(sets[first].Count);
            sets[first].List.CopyTo(list);
            var kept = sets[first].Count;
            for (var at = 0; at < sets.Length; at++)
                if (at != first) kept = Keep(list.AsSpan(0, kept), sets[at]);
            return DocSet.Listed(list, 0, kept);
        }
        var bits = Bits();
        sets[first].Bits.CopyTo(bits);
        for (var at = 0; at < sets.Length; at++)
            if (at != first) Index.Bits.And(bits.AsSpan(0, Words), sets[at].Bits);
        return Bitmap(bits);
    }

    private static int Keep(Span<int> list, DocSet other)
    {
        var kept = 0;
        if (other.IsBits)
        {
            var bits = other.Bits;
            foreach (var document in list)
            {
                list[kept] = document;
                kept += (int)(bits[document >> 6] >> document & 1);
            }
            return kept;
        }
        var rest = other.List;
        foreach (var document in list)
        {
            // Doubling steps, since the other list is the longer one, then halving ones.
            var step = 1;
            while (step < rest.Length && rest[step] < document) step <<= 1;
            var at = rest[..Math.Min(step + 1, rest.Length)].BinarySearch(document);
            if (at >= 0) list[kept++] = document;
            rest = rest[(at >= 0 ? at : ~at)..];
        }
        return kept;
    }

    public void Dispose()
    {
        foreach (var bits in _bits) ArrayPool<ulong>.Shared.Return(bits);
        foreach (var list in _lists) ArrayPool<int>.Shared.Return(list);
    }
}
