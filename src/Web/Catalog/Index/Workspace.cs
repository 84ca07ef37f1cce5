using System.Buffers;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Memory that one question needs for its own sets, given back when it is answered.</summary>
internal sealed class Workspace(int documents) : IDisposable
{
    private readonly List<ulong[]> _bits = [];
    private readonly List<int[]> _lists = [];
    private (DocSet Set, DocSet List) _listed = (DocSet.Empty, DocSet.Empty);

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

    /// <summary>The set as a list. The last one is kept: many columns are counted of the same documents.</summary>
    public DocSet Listed(DocSet set)
    {
        if (!set.IsBits) return set;
        if (set.IsSame(_listed.Set)) return _listed.List;
        var list = List(set.Count);
        _listed = (set, DocSet.Listed(list, 0, Index.Bits.List(set.Bits, list)));
        return _listed.List;
    }

    /// <summary>How many are in both.</summary>
    public static int CountBoth(DocSet left, DocSet right)
    {
        if (left.IsBits && right.IsBits) return left.Bits.Length <= right.Bits.Length ? Index.Bits.CountBoth(left.Bits, right.Bits) : Index.Bits.CountBoth(right.Bits, left.Bits);
        if (left.IsBits) return CountListed(left.Bits, right.List);
        if (right.IsBits) return CountListed(right.Bits, left.List);
        if (left.Count > right.Count) return CountBoth(right, left);
        var more = right.List;
        var count = 0;
        foreach (var document in left.List)
        {
            more = more[Reach(more, document)..];
            if (!more.IsEmpty && more[0] == document) count++;
        }
        return count;
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
            rest = rest[Reach(rest, document)..];
            if (!rest.IsEmpty && rest[0] == document) list[kept++] = document;
        }
        return kept;
    }

    /// <summary>The place of the first in a rising list that is not before the document: doubling steps, since it is the longer list, then halving ones.</summary>
    private static int Reach(ReadOnlySpan<int> list, int document)
    {
        var step = 1;
        while (step < list.Length && list[step] < document) step <<= 1;
        var at = list[..Math.Min(step + 1, list.Length)].BinarySearch(document);
        return at >= 0 ? at : ~at;
    }

    /// <summary>Bits may end before the newest documents.</summary>
    private static int CountListed(ReadOnlySpan<ulong> bits, ReadOnlySpan<int> listed)
    {
        if (listed.IsEmpty || listed[^1] >> 6 < bits.Length) return Index.Bits.CountBoth(bits, listed);
        return Index.Bits.CountBoth(bits, listed[..Reach(listed, bits.Length << 6)]);
    }

    public void Dispose()
    {
        foreach (var bits in _bits) ArrayPool<ulong>.Shared.Return(bits);
        foreach (var list in _lists) ArrayPool<int>.Shared.Return(list);
    }
}
