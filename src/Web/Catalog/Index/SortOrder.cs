using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A number of each document, the documents in its order, and hence also those within a range of it. The least number stands for none.</summary>
internal abstract class SortOrder
{
    /// <summary>All documents: rising by number, then by document; those without a number last.</summary>
    private readonly int[] _rising;
    private readonly int _valued;

    protected SortOrder(int[] rising, int valued) => (_rising, _valued) = (rising, valued);

    public int Count => _rising.Length;

    /// <summary>The document at a place of the order. Falling is the other way round, but those without a number stay last.</summary>
    public int At(int place, bool falling) => _rising[!falling ? place : place < _valued ? _valued - 1 - place : _rising.Length - 1 - (place - _valued)];

    /// <summary>Where a document stands in the order: the lesser of two is the earlier.</summary>
    public Standing Of(int document, bool falling) => Standing.Of(ValueOf(document), document, falling);

    public abstract long? ValueOf(int document);

    public abstract DocSet Within(long low, long high, Workspace work);

    /// <summary>The first place behind this one.</summary>
    public int After(Standing last, bool falling)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (Of(At(middle, falling), falling).CompareTo(last) > 0) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Documents of numbers from low to high, as a part of the order.</summary>
    protected ReadOnlySpan<int> Part(long low, long high)
    {
        var from = First(low, orEqual: true);
        return _rising.AsSpan(from, Math.Max(0, First(high, orEqual: false) - from));
    }

    private int First(long value, bool orEqual)
    {
        var (low, high) = (0, _valued);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var found = ValueOf(_rising[middle]) ?? long.MinValue;
            if (orEqual ? found >= value : found > value) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}

/// <inheritdoc/>
internal sealed class SortOrder<T> : SortOrder where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly T[] _values;

    private SortOrder(T[] values, int[] rising, int valued) : base(rising, valued) => _values = values;

    public static readonly T None = T.MinValue;

    public ReadOnlySpan<T> Values => _values;

    /// <param name="documents">Those in the order, rising; the array is used up.</param>
    public static SortOrder<T> Of(T[] values, int[] documents)
    {
        var keys = new ulong[values.Length];
        for (var at = 0; at < keys.Length; at++) keys[at] = values[at] == None ? ulong.MaxValue : (ulong)long.CreateTruncating(values[at]) ^ 1UL << 63;
        var rising = RadixSort.Order(keys, documents);
        var valued = rising.Length;
        while (valued > 0 && values[rising[valued - 1]] == None) valued--;
        return new(values, rising, valued);
    }

    /// <summary>An order that is known already: each document's number is its place.</summary>
    public static SortOrder<T> OfPlaces(T[] places, int[] order) => new(places, order, order.Length);

    public override long? ValueOf(int document) => _values[document] is var value && value == None ? null : long.CreateTruncating(value);

    public override DocSet Within(long low, long high, Workspace work)
    {
        var part = Part(low, high);
        // Setting a bit here and there costs about as much as reading sixteen bytes of the column one after the other.
        if (part.Length * 16L > work.Documents * (long)Unsafe.SizeOf<T>()) return work.Bitmap(Scan(T.CreateSaturating(low), T.CreateSaturating(high), work));
        var union = new DocUnion(work);
        union.Add(part, isRising: false);
        return union.Build();
    }

    private ulong[] Scan(T low, T high, Workspace work)
    {
        if (low == None) low++;
        var bits = work.NoBits();
        var lanes = Vector256<T>.Count;
        var wide = MemoryMarshal.Cast<T, Vector256<T>>(_values);
        var (lows, highs) = (Vector256.Create(low), Vector256.Create(high));
        var each = 64 / lanes;
        for (var word = 0; word < wide.Length / each; word++)
        {
            var passed = 0UL;
            for (var at = 0; at < each; at++) passed |= Passed(wide[(word * each) + at], lows, highs) << (at * lanes);
            bits[word] = passed;
        }
        for (var at = wide.Length / each * each; at < wide.Length; at++) bits[at * lanes >> 6] |= Passed(wide[at], lows, highs) << (at * lanes);
        for (var document = wide.Length * lanes; document < _values.Length; document++)
            if (_values[document] >= low && _values[document] <= high) Bits.Add(bits, document);
        return bits;
    }

    private static ulong Passed(Vector256<T> values, Vector256<T> lows, Vector256<T> highs) =>
        (Vector256.GreaterThanOrEqual(values, lows) & Vector256.LessThanOrEqual(values, highs)).ExtractMostSignificantBits();
}
