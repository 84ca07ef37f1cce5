using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// Rows of activations rounded to 8 bits, each block of 32 with a step of its own. Of two blocks the first, third, fifth and so on numbers of both lie before the second, fourth, sixth and so on,
/// which is the order in which the halves of packed bytes give weights.
/// </summary>
internal readonly unsafe struct RoundedRows
{
    public const int PairBytes = 128, StepsAt = 64, PartsAt = 96;

    [ThreadStatic]
    private static ThreadRoom? _room;

    private readonly byte* _rows;
    private readonly int _pairs;

    /// <summary>Room for so many rows of so many blocks, which belongs to the calling thread until it asks again.</summary>
    public RoundedRows(int count, int blocks)
    {
        (Count, Blocks, _pairs) = (count, blocks, (blocks + 1) / 2);
        _rows = (_room ??= new()).Take((long)count * RowBytes);
    }

    public int Count { get; }

    public int Blocks { get; }

    /// <summary>Bytes that a row takes.</summary>
    public int RowBytes => _pairs * (PairBytes + (2 * sizeof(float)));

    /// <summary>Pairs of blocks, each <see cref="PairBytes"/> long: 64 numbers from -127 to 127; the step of either block, four times; of either block four whole numbers whose sum is that of its numbers.</summary>
    public sbyte* Pairs(int row) => (sbyte*)(_rows + ((long)row * RowBytes));

    /// <summary>Of each block the sum of its rounded activations.</summary>
    public float* Sums(int row) => (float*)(Pairs(row) + ((long)_pairs * PairBytes));

    public void Round(int row, float* values)
    {
        var pairs = Pairs(row);
        var sums = Sums(row);
        for (var block = 0; block < Blocks; block++, values += BlockProduct.Block)
        {
            var (a, b, c, d) = (Vector256.Load(values), Vector256.Load(values + 8), Vector256.Load(values + 16), Vector256.Load(values + 24));
            var most = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
            var half = Vector128.Max(most.GetLower(), most.GetUpper());
            half = Vector128.Max(half, Sse.MoveHighToLow(half, half));
            var largest = MathF.Max(half[0], half[1]);
            var step = largest / 127;
            var inverse = Vector256.Create(largest > 0 ? 127 / largest : 0);
            // Packing leaves fours of each part in turn: put into order, then even numbers to the lower half and odd ones to the upper.
            var packed = Avx2.PackSignedSaturate(
                Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(a * inverse), Avx.ConvertToVector256Int32(b * inverse)),
                Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(c * inverse), Avx.ConvertToVector256Int32(d * inverse)));
            var ordered = Avx2.PermuteVar8x32(packed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsSByte();
            var evenFirst = Vector256.Create((sbyte)0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
            var parted = Avx2.Permute4x64(Avx2.Shuffle(ordered, evenFirst).AsInt64(), 0b11_01_10_00).AsSByte();
            var into = pairs + ((block >> 1) * (long)PairBytes) + ((block & 1) * 16);
            parted.GetLower().Store(into);
            parted.GetUpper().Store(into + 32);
            Vector128.Create(step).Store((float*)(into + StepsAt));
            var eight = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Create((byte)1), ordered), Vector256.Create((short)1));
            var four = eight.GetLower() + eight.GetUpper();
            four.Store((int*)(into + PartsAt));
            sums[block] = step * Vector128.Sum(four);
        }
    }
}
