using System.Numerics;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A small number from 0 on for each document, in as few bytes as the largest takes.</summary>
internal abstract class Packed
{
    public abstract int this[int document] { get; }

    /// <summary>Adds for each of the documents one to the count of its number.</summary>
    public abstract void Count(ReadOnlySpan<int> documents, Span<int> counts);

    /// <param name="numbers">All below <paramref name="end"/>.</param>
    public static Packed Of(int[] numbers, int end) => end switch
    {
        <= 1 << 8 => new Packed<byte>(Array.ConvertAll(numbers, static number => (byte)number)),
        <= 1 << 16 => new Packed<ushort>(Array.ConvertAll(numbers, static number => (ushort)number)),
        _ => new Packed<int>(numbers),
    };
}

internal sealed class Packed<T>(T[] numbers) : Packed where T : unmanaged, IBinaryInteger<T>
{
    public override int this[int document] => int.CreateTruncating(numbers[document]);

    public override void Count(ReadOnlySpan<int> documents, Span<int> counts)
    {
        foreach (var document in documents) counts[int.CreateTruncating(numbers[document])]++;
    }
}
