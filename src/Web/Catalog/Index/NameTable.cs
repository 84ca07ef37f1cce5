using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Texts one after the other in one block of memory, as UTF-8.</summary>
internal sealed class NameTable(byte[] text, int[] starts)
{
    public int Count => starts.Length - 1;

    public ReadOnlySpan<byte> this[int at] => text.AsSpan(starts[at], starts[at + 1] - starts[at]);

    public string Text(int at) => Encoding.UTF8.GetString(this[at]);

    /// <summary>These texts in the order of their bytes, equal ones in their own.</summary>
    public int[] Order(int[] among)
    {
        var heads = new ulong[Count];
        for (var at = 0; at < heads.Length; at++) heads[at] = Head(this[at]);
        var order = RadixSort.Order(heads, among);
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && heads[order[to]] == heads[order[from]]; to++) { }
            if (to - from > 1) order.AsSpan(from, to - from).Sort((left, right) => this[left].SequenceCompareTo(this[right]) is var compared && compared != 0 ? compared : left.CompareTo(right));
        }
        return order;
    }

    /// <summary>The first eight bytes as a number that sorts as they do.</summary>
    private static ulong Head(ReadOnlySpan<byte> name)
    {
        var head = 0UL;
        for (var at = 0; at < 8; at++) head = head << 8 | (at < name.Length ? name[at] : 0UL);
        return head;
    }

    /// <summary>Takes texts as they come.</summary>
    internal sealed class Builder
    {
        private readonly List<int> _starts = [0];
        private byte[] _text = new byte[1 << 10];

        public int Count => _starts.Count - 1;

        public void Add(ReadOnlySpan<byte> text)
        {
            var end = _starts[^1];
            if (text.Length > _text.Length - end) Array.Resize(ref _text, checked((2 * _text.Length) + text.Length));
            text.CopyTo(_text.AsSpan(end));
            _starts.Add(end + text.Length);
        }

        public void Add(NameTable others)
        {
            for (var at = 0; at < others.Count; at++) Add(others[at]);
        }

        public NameTable Build() => new(_text.AsSpan(0, _starts[^1]).ToArray(), [.. _starts]);
    }
}
