using System.IO.Hashing;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Numbers words as they come: a hash table over one block of memory.</summary>
internal sealed class WordTable
{
    private byte[] _text = new byte[1 << 12];
    private int[] _starts = new int[1 << 8];
    private int[] _slots = new int[1 << 9]; // number of the word + 1

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int word] => _text.AsSpan(_starts[word], _starts[word + 1] - _starts[word]);

    public int Add(ReadOnlySpan<byte> word)
    {
        var slot = (int)XxHash3.HashToUInt64(word) & (_slots.Length - 1);
        for (; _slots[slot] is > 0 and var known; slot = slot + 1 & (_slots.Length - 1))
            if (this[known - 1].SequenceEqual(word)) return known - 1;
        var start = _starts[Count];
        if (start + word.Length > _text.Length) Array.Resize(ref _text, _text.Length * 2);
        if (Count + 2 > _starts.Length) Array.Resize(ref _starts, _starts.Length * 2);
        word.CopyTo(_text.AsSpan(start));
        _starts[++Count] = start + word.Length;
        _slots[slot] = Count;
        if (Count * 2 > _slots.Length) Grow();
        return Count - 1;
    }

    public NameTable Names() => new(_text.AsSpan(0, _starts[Count]).ToArray(), _starts.AsSpan(0, Count + 1).ToArray());

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var word = 0; word < Count; word++)
        {
            var slot = (int)XxHash3.HashToUInt64(this[word]) & (_slots.Length - 1);
            while (_slots[slot] > 0) slot = slot + 1 & (_slots.Length - 1);
            _slots[slot] = word + 1;
        }
    }
}
