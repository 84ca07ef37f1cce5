using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Texts one after the other in one block of memory, as UTF-8.</summary>
internal sealed class NameTable(byte[] text, int[] starts)
{
    public int Count => starts.Length - 1;

    public ReadOnlySpan<byte> this[int at] => text.AsSpan(starts[at], starts[at + 1] - starts[at]);

    public ManyColumn<byte> ToColumn() => new(text, starts);

    public string Text(int at) => Encoding.UTF8.GetString(this[at]);

    /// <summary>Numbers of the texts that have this in them, rising.</summary>
    public DocSet Having(ReadOnlySpan<byte> part, Workspace work)
    {
        var found = new List<int>();
        for (var from = 0; from < starts[^1];)
        {
            var hit = text.AsSpan(from, starts[^1] - from).IndexOf(part);
            if (hit < 0) break;
            var owner = Array.BinarySearch(starts, from + hit) is >= 0 and var exact ? exact : ~Array.BinarySearch(starts, from + hit) - 1;
            while (starts[owner + 1] == starts[owner]) owner++; // an empty text starts where the next one does
            if (from + hit + part.Length <= starts[owner + 1])
            {
                found.Add(owner);
                from = starts[owner + 1];
            }
            else from += hit + 1;
        }
        var list = work.List(found.Count);
        found.CopyTo(list);
        return DocSet.Listed(list, 0, found.Count);
    }

    /// <summary>How many of the texts, in the order given, which is that of their bytes, come before this one; with <paramref name="isAfter"/> the text itself counts.</summary>
    public int Place(ReadOnlySpan<byte> wanted, ReadOnlySpan<int> order, bool isAfter = false)
    {
        var (low, high) = (0, order.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (IsBefore(order[middle], wanted, isAfter)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>The same where the texts themselves lie in order.</summary>
    public int Place(ReadOnlySpan<byte> wanted)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (IsBefore(middle, wanted, isAfter: false)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private bool IsBefore(int at, ReadOnlySpan<byte> wanted, bool isAfter) => this[at].SequenceCompareTo(wanted) is var compared && (compared < 0 || (isAfter && compared == 0));

    /// <summary>All texts in the order of their bytes, equal ones in their own.</summary>
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

    /// <summary>The texts one after the other in the order given.</summary>
    public NameTable Sorted(int[] order)
    {
        var (sorted, ends) = (new byte[starts[^1]], new int[order.Length + 1]);
        for (var place = 0; place < order.Length; place++)
        {
            this[order[place]].CopyTo(sorted.AsSpan(ends[place]));
            ends[place + 1] = ends[place] + this[order[place]].Length;
        }
        return new(sorted, ends);
    }

    /// <summary>The first eight bytes as a number that sorts as they do.</summary>
    private static ulong Head(ReadOnlySpan<byte> name)
    {
        var head = 0UL;
        for (var at = 0; at < 8; at++) head = head << 8 | (at < name.Length ? name[at] : 0UL);
        return head;
    }
}
