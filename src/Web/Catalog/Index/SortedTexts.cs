namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Texts in the order of their bytes. Of each only what differs from the one before it is kept, and a note of bytes with it; every sixteenth is whole, to search by.</summary>
internal sealed class SortedTexts
{
    private const int Block = 16;
    private readonly byte[] _bytes;
    private readonly int[] _blocks;
    private readonly int _longest;

    private SortedTexts(byte[] bytes, int[] blocks, int count, int longest) => (_bytes, _blocks, Count, _longest) = (bytes, blocks, count, longest);

    public int Count { get; }

    /// <summary>Goes through the texts from this place on.</summary>
    public Walk From(int place)
    {
        if (place >= Count) return new(this, Count, _bytes.Length);
        var walk = new Walk(this, place / Block * Block, _blocks[place / Block]);
        while (walk.Place < place) walk.Next();
        return walk;
    }

    /// <summary>How many of the texts come before this one; with <paramref name="isAfter"/> the text itself counts.</summary>
    public int Place(ReadOnlySpan<byte> wanted, bool isAfter = false)
    {
        var (low, high) = (0, _blocks.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (IsBefore(Head(middle), wanted, isAfter)) low = middle + 1;
            else high = middle;
        }
        if (low == 0) return 0;
        var walk = From((low - 1) * Block);
        for (var place = walk.Place; place < Math.Min(low * Block, Count); place++)
        {
            walk.Next();
            if (!IsBefore(walk.Text, wanted, isAfter)) return place;
        }
        return Math.Min(low * Block, Count);
    }

    private static bool IsBefore(ReadOnlySpan<byte> text, ReadOnlySpan<byte> wanted, bool isAfter) => text.SequenceCompareTo(wanted) is var compared && (compared < 0 || (isAfter && compared == 0));

    private ReadOnlySpan<byte> Head(int block)
    {
        var at = _blocks[block] + 1; // it shares nothing
        var length = VarInt.Read(_bytes, ref at);
        return _bytes.AsSpan(at, length);
    }

    /// <summary>One text after the other. What it shows is good until the next step.</summary>
    internal struct Walk(SortedTexts texts, int place, int at)
    {
        private readonly byte[] _text = new byte[texts._longest];
        private int _at = at, _length, _note, _noteLength;

        /// <summary>Of the text that comes next.</summary>
        public int Place { get; private set; } = place;

        public readonly ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

        public readonly ReadOnlySpan<byte> Note => texts._bytes.AsSpan(_note, _noteLength);

        public bool Next()
        {
            if (Place >= texts.Count) return false;
            var bytes = texts._bytes;
            var shared = VarInt.Read(bytes, ref _at);
            var rest = VarInt.Read(bytes, ref _at);
            bytes.AsSpan(_at, rest).CopyTo(_text.AsSpan(shared));
            _length = shared + rest;
            _at += rest;
            _noteLength = VarInt.Read(bytes, ref _at);
            _note = _at;
            _at += _noteLength;
            Place++;
            return true;
        }
    }

    /// <summary>Takes the texts in their order.</summary>
    internal sealed class Builder
    {
        private readonly List<int> _blocks = [];
        private byte[] _bytes = new byte[1 << 10];
        private byte[] _last = [];
        private int _at, _count, _lastLength;

        public void Add(ReadOnlySpan<byte> text, ReadOnlySpan<byte> note = default)
        {
            var isHead = _count++ % Block == 0;
            if (isHead) _blocks.Add(_at);
            var shared = isHead ? 0 : text.CommonPrefixLength(_last.AsSpan(0, _lastLength));
            var rest = text[shared..];
            if (_bytes.Length - _at < rest.Length + note.Length + (3 * VarInt.Longest)) Array.Resize(ref _bytes, checked((2 * _bytes.Length) + rest.Length + note.Length));
            VarInt.Write(_bytes, ref _at, shared);
            VarInt.Write(_bytes, ref _at, rest.Length);
            rest.CopyTo(_bytes.AsSpan(_at));
            _at += rest.Length;
            VarInt.Write(_bytes, ref _at, note.Length);
            note.CopyTo(_bytes.AsSpan(_at));
            _at += note.Length;
            if (text.Length > _last.Length) Array.Resize(ref _last, text.Length);
            text.CopyTo(_last);
            _lastLength = text.Length;
        }

        public SortedTexts Build() => new(_bytes.AsSpan(0, _at).ToArray(), [.. _blocks], _count, _last.Length);
    }
}
