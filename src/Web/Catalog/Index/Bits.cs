using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Sets of documents as bits, 64 to a word. Sets of one index are equally long.</summary>
internal static class Bits
{
    public static int Words(int documents) => (documents + 63) >> 6;

    public static bool Has(ReadOnlySpan<ulong> bits, int document) => (bits[document >> 6] >> document & 1) != 0;

    public static void Add(Span<ulong> bits, int document) => bits[document >> 6] |= 1UL << document;

    public static void Remove(Span<ulong> bits, int document) => bits[document >> 6] &= ~(1UL << document);

    public static void Fill(Span<ulong> bits, int documents)
    {
        bits.Fill(ulong.MaxValue);
        if ((documents & 63) != 0) bits[^1] = (1UL << documents) - 1;
    }

    public static void And(Span<ulong> bits, ReadOnlySpan<ulong> other) => Combine<AndOperation>(bits, other);

    public static void Or(Span<ulong> bits, ReadOnlySpan<ulong> other) => Combine<OrOperation>(bits, other);

    public static void AndNot(Span<ulong> bits, ReadOnlySpan<ulong> other) => Combine<AndNotOperation>(bits, other);

    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>How many are in both. One population count a cycle keeps up with reading the two from the cache.</summary>
    public static int CountBoth(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        right = right[..left.Length];
        int first = 0, second = 0, at = 0;
        for (; at < left.Length - 1; at += 2)
        {
            first += BitOperations.PopCount(left[at] & right[at]);
            second += BitOperations.PopCount(left[at + 1] & right[at + 1]);
        }
        return at < left.Length ? first + second + BitOperations.PopCount(left[at] & right[at]) : first + second;
    }

    /// <summary>Those of the listed that are in the set.</summary>
    public static int CountBoth(ReadOnlySpan<ulong> bits, ReadOnlySpan<int> listed)
    {
        var count = 0;
        foreach (var document in listed) count += (int)(bits[document >> 6] >> document & 1);
        return count;
    }

    /// <summary>Writes the documents in rising order; gives how many there are.</summary>
    public static int List(ReadOnlySpan<ulong> bits, Span<int> into)
    {
        var count = 0;
        for (var at = 0; at < bits.Length; at++)
            for (var word = bits[at]; word != 0; word &= word - 1)
                into[count++] = (at << 6) + BitOperations.TrailingZeroCount(word);
        return count;
    }

    private static void Combine<TOperation>(Span<ulong> bits, ReadOnlySpan<ulong> other) where TOperation : IOperation
    {
        other = other[..bits.Length];
        var wide = MemoryMarshal.Cast<ulong, Vector256<ulong>>(bits);
        var wideOther = MemoryMarshal.Cast<ulong, Vector256<ulong>>(other);
        for (var at = 0; at < wide.Length; at++) wide[at] = TOperation.Of(wide[at], wideOther[at]);
        for (var at = wide.Length * Vector256<ulong>.Count; at < bits.Length; at++)
            bits[at] = TOperation.Of(Vector256.CreateScalar(bits[at]), Vector256.CreateScalar(other[at])).ToScalar();
    }

    private interface IOperation
    {
        static abstract Vector256<ulong> Of(Vector256<ulong> left, Vector256<ulong> right);
    }

    private readonly struct AndOperation : IOperation
    {
        public static Vector256<ulong> Of(Vector256<ulong> left, Vector256<ulong> right) => left & right;
    }

    private readonly struct OrOperation : IOperation
    {
        public static Vector256<ulong> Of(Vector256<ulong> left, Vector256<ulong> right) => left | right;
    }

    private readonly struct AndNotOperation : IOperation
    {
        public static Vector256<ulong> Of(Vector256<ulong> left, Vector256<ulong> right) => Vector256.AndNot(left, right);
    }
}
