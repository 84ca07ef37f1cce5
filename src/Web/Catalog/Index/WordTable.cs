using System.IO.Hashing;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Numbers words as they come: a hash table over one block of memory.</summary>
internal sealed class WordTable
{
    private byte[] _text = new byte[1 << 12];
    private int[] _starts = new int[1 << 8];

    /// <summary>Number of a word + 1, and above it the upper half of its hash: a slot that is another word's is passed without looking at the word.</summary>
    private ulong[] _slots = new ulong[1 << 9];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int word] => _text.AsSpan(_starts[word], _starts[word + 1] - _starts[word]);

    public static ulong Hash(ReadOnlySpan<byte> word) => XxHash3.HashToUInt64(word);

    /// <summary>Fetches where the word of this hash is looked for first.</summary>
    public void Fetch(ulong hash) => Ahead.Fetch(in _slots[First(hash)]);

    /// <summary>The word of this hash, if it is where it is looked for first, and fetches where its text is noted; else -1.</summary>
    public int Likely(ulong hash)
    {
        var known = _slots[First(hash)];
        if (known == 0 || ((known ^ hash) >> 32) != 0) return -1;
        var word = (int)(uint)known - 1;
        Ahead.Fetch(in _starts[word]);
        return word;
    }

    /// <summary>Fetches the text of a word.</summary>
    public void FetchText(int word) => Ahead.Fetch(in _text[_starts[word]]);

    public int Add(ReadOnlySpan<byte> word) => Add(word, Hash(word));

    public int Add(ReadOnlySpan<byte> word, ulong hash)
    {
        var mark = hash & 0xFFFFFFFF_00000000;
        var slot = First(mark);
        for (; _slots[slot] is > 0 and var known; slot = slot + 1 & (_slots.Length - 1))
            if ((known & 0xFFFFFFFF_00000000) == mark && this[(int)(uint)known - 1].SequenceEqual(word)) return (int)(uint)known - 1;
        var start = _starts[Count];
        if (start + word.Length > _text.Length) Array.Resize(ref _text, _text.Length * 2);
        if (Count + 2 > _starts.Length) Array.Resize(ref _starts, _starts.Length * 2);
        word.CopyTo(_text.AsSpan(start));
        _starts[++Count] = start + word.Length;
        _slots[slot] = mark | (uint)Count;
        if (Count * 2 > _slots.Length) Grow();
        return Count - 1;
    }

    public NameTable Names() => new(_text.AsSpan(0, _starts[Count]).ToArray(), _starts.AsSpan(0, Count + 1).ToArray());

    private int First(ulong mark) => (int)(mark >> 32) & (_slots.Length - 1);

    private void Grow()
    {
        var before = _slots;
        _slots = new ulong[before.Length * 2];
        foreach (var known in before)
        {
            if (known == 0) continue;
            var slot = First(known);
            while (_slots[slot] > 0) slot = slot + 1 & (_slots.Length - 1);
            _slots[slot] = known;
        }
    }
}
