namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Gathers documents from many sets: in a list as long as they are few, then in bits.</summary>
internal ref struct DocUnion(Workspace work)
{
    private readonly int _most = Math.Max(64, work.Documents / 96);
    private int[]? _list;
    private ulong[]? _bits;
    private int _count;
    private bool _isOrdered = true;

    public void Add(DocSet set)
    {
        if (set.IsBits) Bits.Or(AsBits()[..set.Bits.Length], set.Bits); // fewer where the set is of before the newest documents
        else Add(set.List);
    }

    public void Add(ReadOnlySpan<int> documents, bool isRising = true)
    {
        if (documents.IsEmpty) return;
        if (_bits is null && _count + documents.Length <= _most)
        {
            _list ??= work.List(_most);
            _isOrdered &= isRising && _count == 0;
            documents.CopyTo(_list.AsSpan(_count));
            _count += documents.Length;
            return;
        }
        var bits = AsBits();
        foreach (var document in documents) Bits.Add(bits, document);
    }

    public void Add(ReadOnlySpan<byte> postings)
    {
        var count = Postings.Count(postings);
        if (_bits is null && _count + count <= _most)
        {
            _list ??= work.List(_most);
            _isOrdered &= _count == 0;
            Postings.Read(postings, _list.AsSpan(_count));
            _count += count;
            return;
        }
        Postings.AddTo(AsBits(), postings);
    }

    public readonly DocSet Build()
    {
        if (_bits is not null) return work.Bitmap(_bits);
        if (_list is null) return DocSet.Empty;
        if (_isOrdered) return DocSet.Listed(_list, 0, _count);
        var all = _list.AsSpan(0, _count);
        all.Sort();
        return DocSet.Listed(_list, 0, PostingLists.Distinct(all));
    }

    private Span<ulong> AsBits()
    {
        if (_bits is null)
        {
            _bits = work.NoBits();
            foreach (var document in _list.AsSpan(0, _count)) Bits.Add(_bits, document);
        }
        return _bits.AsSpan(0, work.Words);
    }
}
