using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// Rows of activations times a matrix of 4-bit weights as the operator MatMulNBits holds it: blocks of 32 weights of one output, each with a scale and maybe a zero point.
/// Activations are rounded to 8 bits per block, as that operator does at accuracy level 4; sums of a block are exact whole numbers.
/// </summary>
internal static unsafe class BlockProduct
{
    public const int Block = 32;

    /// <summary>Outputs that are computed side by side, one to a lane.</summary>
    private const int Panel = 8;

    /// <summary>Up to so many rows it does not pay to spread weights out first.</summary>
    private const int FewRows = 8;

    /// <summary>Rows read again and again for each panel stay in the second-level cache.</summary>
    private const int TileBytes = 256 * 1024;

    /// <summary>Bytes that weights are asked for ahead of their use: the processor does so by itself only to the end of a page of memory.</summary>
    private const int Ahead = 4096;

    [ThreadStatic]
    private static ThreadRoom? _room;

    /// <summary>Whether this machine has the instructions that it is made of.</summary>
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>The outputs from <paramref name="first"/> to <paramref name="end"/> of all rows.</summary>
    public static void Multiply(in BlockMatrix matrix, in RoundedRows rows, float* outputs, int first, int end)
    {
        if (rows.Count <= FewRows)
        {
            for (var output = first; output < end; output++)
                if (rows.Count == 1) outputs[output] = Dot(matrix, rows, output);
                else for (var row = 0; row < rows.Count; row += 4) DotFour(matrix, rows, row, output, outputs + output);
            return;
        }
        var tile = Math.Max(4, TileBytes / rows.RowBytes & ~3);
        var weights = (_room ??= new()).Take((long)matrix.Blocks * Panel * (Block + (2 * sizeof(float))));
        var scales = (float*)(weights + ((long)matrix.Blocks * Panel * Block));
        for (var from = 0; from < rows.Count; from += tile)
            for (var output = first; output < end; output += Panel)
            {
                var count = Math.Min(Panel, end - output);
                Spread(matrix, output, count, weights, scales);
                var last = Math.Min(rows.Count, from + tile);
                var row = from;
                for (; row + 4 <= last; row += 4) Four(matrix, rows, row, weights, scales, outputs + ((long)row * matrix.Outputs) + output, count);
                for (; row < last; row++) One(matrix, rows, row, weights, scales, outputs + ((long)row * matrix.Outputs) + output, count);
            }
    }

    /// <summary>One output of a single row, weights read as they lie.</summary>
    private static float Dot(in BlockMatrix matrix, in RoundedRows rows, int output)
    {
        var (blocks, low, ones) = (matrix.Blocks, Vector256.Create((byte)15), Vector256.Create((short)1));
        var weights = matrix.Weights + ((long)output * blocks * (Block / 2));
        var scales = matrix.Scales + ((long)output * blocks);
        var row = rows.Pairs(0);
        var zeros = matrix.ZerosOf(output);
        var sum = Vector256<float>.Zero;
        var pairs = blocks / 2;
        for (var pair = 0; pair < pairs; pair++)
        {
            Sse.Prefetch0(weights + (pair * Block) + Ahead);
            var packed = Vector256.Load(weights + (pair * Block));
            var lows = packed & low;
            var highs = Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & low;
            var scale = Vector256.Create(Vector128.Create(scales[2 * pair]), Vector128.Create(scales[(2 * pair) + 1]));
            sum = AddPair(sum, lows, highs, row + ((long)pair * RoundedRows.PairBytes), ones, scale, PairOfZeros(zeros, pair));
        }
        return Vector256.Sum(sum) + LastBlock(matrix, rows, 0, output);
    }

    /// <summary>One output of four rows, or of those that are left.</summary>
    private static void DotFour(in BlockMatrix matrix, in RoundedRows rows, int row, int output, float* outputs)
    {
        var (blocks, low, ones) = (matrix.Blocks, Vector256.Create((byte)15), Vector256.Create((short)1));
        var weights = matrix.Weights + ((long)output * blocks * (Block / 2));
        var scales = matrix.Scales + ((long)output * blocks);
        var last = rows.Count - 1;
        var first = rows.Pairs(row);
        var second = rows.Pairs(Math.Min(row + 1, last));
        var third = rows.Pairs(Math.Min(row + 2, last));
        var fourth = rows.Pairs(Math.Min(row + 3, last));
        var zeros = matrix.ZerosOf(output);
        var (sum1, sum2, sum3, sum4) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var pair = 0; pair < blocks / 2; pair++, first += RoundedRows.PairBytes, second += RoundedRows.PairBytes, third += RoundedRows.PairBytes, fourth += RoundedRows.PairBytes)
        {
            Sse.Prefetch0(weights + (pair * Block) + Ahead);
            var packed = Vector256.Load(weights + (pair * Block));
            var lows = packed & low;
            var highs = Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & low;
            var scale = Vector256.Create(Vector128.Create(scales[2 * pair]), Vector128.Create(scales[(2 * pair) + 1]));
            var zero = PairOfZeros(zeros, pair);
            sum1 = AddPair(sum1, lows, highs, first, ones, scale, zero);
            sum2 = AddPair(sum2, lows, highs, second, ones, scale, zero);
            sum3 = AddPair(sum3, lows, highs, third, ones, scale, zero);
            sum4 = AddPair(sum4, lows, highs, fourth, ones, scale, zero);
        }
        var sums = Avx.HorizontalAdd(Avx.HorizontalAdd(sum1, sum2), Avx.HorizontalAdd(sum3, sum4));
        var total = sums.GetLower() + sums.GetUpper();
        for (var at = 0; at < 4 && row + at <= last; at++)
            outputs[(long)(row + at) * matrix.Outputs] = total[at] + LastBlock(matrix, rows, row + at, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AddPair(Vector256<float> sum, Vector256<byte> lows, Vector256<byte> highs, sbyte* pair, Vector256<short> ones, Vector256<float> scale, Vector256<short> zeros)
    {
        var products = Avx2.MultiplyAddAdjacent(lows, Vector256.Load(pair)) + Avx2.MultiplyAddAdjacent(highs, Vector256.Load(pair + 32));
        var whole = Avx2.MultiplyAddAdjacent(products, ones) - Avx2.MultiplyAddAdjacent(zeros, Vector256.Load((short*)(pair + RoundedRows.PartsAt)));
        return Fma.MultiplyAdd(Vector256.ConvertToSingle(whole), scale * Vector256.Load((float*)(pair + RoundedRows.StepsAt)), sum);
    }

    /// <summary>The last block of one output and row, where their number is odd.</summary>
    private static float LastBlock(in BlockMatrix matrix, in RoundedRows rows, int row, int output)
    {
        if ((matrix.Blocks & 1) == 0) return 0;
        var at = ((long)output * matrix.Blocks) + matrix.Blocks - 1;
        var numbers = rows.Pairs(row) + (matrix.Blocks / 2 * (long)RoundedRows.PairBytes);
        var (packed, low) = (Vector128.Load(matrix.Weights + (at * (Block / 2))), Vector128.Create((byte)15));
        var highs = Vector128.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & low;
        var products = Ssse3.MultiplyAddAdjacent(packed & low, Vector128.Load(numbers)) + Ssse3.MultiplyAddAdjacent(highs, Vector128.Load(numbers + 32));
        var whole = Vector128.Sum(Sse2.MultiplyAddAdjacent(products, Vector128.Create((short)1))) - (matrix.Zero(output, matrix.Blocks - 1) * Vector128.Sum(Vector128.Load((int*)(numbers + RoundedRows.PartsAt))));
        return whole * matrix.Scales[at] * *(float*)(numbers + RoundedRows.StepsAt);
    }

    /// <summary>The zero points of a pair of blocks, each in the lanes of its block: numbers of 16 bits, as their products are added up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> PairOfZeros(byte* zeros, int pair) =>
        zeros is null ? Vector256.Create(8).AsInt16() : Vector256.Create(Vector128.Create(zeros[pair] & 15), Vector128.Create(zeros[pair] >> 4)).AsInt16();

    /// <summary>Lays the weights of up to eight outputs out so that four of each lie side by side, and their scales, plain and times the zero point.</summary>
    private static void Spread(in BlockMatrix matrix, int output, int count, byte* weights, float* scales)
    {
        var blocks = matrix.Blocks;
        var low = Vector128.Create((byte)15);
        var lanes = stackalloc Vector256<uint>[Panel];
        for (var block = 0; block < blocks; block++)
        {
            for (var lane = 0; lane < Panel; lane++)
            {
                if (lane >= count)
                {
                    lanes[lane] = default;
                    (scales[(block * 16) + lane], scales[(block * 16) + 8 + lane]) = (0, 0);
                    continue;
                }
                var at = ((long)(output + lane) * blocks) + block;
                var packed = Vector128.Load(matrix.Weights + (at * (Block / 2)));
                lanes[lane] = Vector256.Create(packed & low, Vector128.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & low).AsUInt32();
                var scale = matrix.Scales[at];
                (scales[(block * 16) + lane], scales[(block * 16) + 8 + lane]) = (scale, scale * matrix.Zero(output + lane, block));
            }
            Turn(lanes, (uint*)(weights + (block * Panel * Block)));
        }
    }

    /// <summary>Turns a square of eight by eight numbers.</summary>
    private static void Turn(Vector256<uint>* from, uint* into)
    {
        var (a, b, c, d) = (Avx2.UnpackLow(from[0], from[1]).AsUInt64(), Avx2.UnpackHigh(from[0], from[1]).AsUInt64(), Avx2.UnpackLow(from[2], from[3]).AsUInt64(), Avx2.UnpackHigh(from[2], from[3]).AsUInt64());
        var (e, f, g, h) = (Avx2.UnpackLow(from[4], from[5]).AsUInt64(), Avx2.UnpackHigh(from[4], from[5]).AsUInt64(), Avx2.UnpackLow(from[6], from[7]).AsUInt64(), Avx2.UnpackHigh(from[6], from[7]).AsUInt64());
        Put(Avx2.UnpackLow(a, c), Avx2.UnpackLow(e, g), into, 0);
        Put(Avx2.UnpackHigh(a, c), Avx2.UnpackHigh(e, g), into, 1);
        Put(Avx2.UnpackLow(b, d), Avx2.UnpackLow(f, h), into, 2);
        Put(Avx2.UnpackHigh(b, d), Avx2.UnpackHigh(f, h), into, 3);
    }

    private static void Put(Vector256<ulong> left, Vector256<ulong> right, uint* into, int row)
    {
        Avx2.Permute2x128(left, right, 0x20).AsUInt32().Store(into + (row * Panel));
        Avx2.Permute2x128(left, right, 0x31).AsUInt32().Store(into + ((row + 4) * Panel));
    }

    private static void Four(in BlockMatrix matrix, in RoundedRows rows, int row, byte* weights, float* scales, float* outputs, int count)
    {
        var first = rows.Pairs(row);
        var second = rows.Pairs(row + 1);
        var third = rows.Pairs(row + 2);
        var fourth = rows.Pairs(row + 3);
        var sum1 = rows.Sums(row);
        var sum2 = rows.Sums(row + 1);
        var sum3 = rows.Sums(row + 2);
        var sum4 = rows.Sums(row + 3);
        var (total1, total2, total3, total4) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var ones = Vector256.Create((short)1);
        for (var block = 0; block < matrix.Blocks; block++)
        {
            var (part1, part2, part3, part4) = (Vector256<short>.Zero, Vector256<short>.Zero, Vector256<short>.Zero, Vector256<short>.Zero);
            var at = ((block >> 1) * (long)RoundedRows.PairBytes) + ((block & 1) * 16);
            var step = at + RoundedRows.StepsAt;
            for (var half = 0; half < 2; half++, at += 32)
            {
                for (var four = 0; four < 4; four++)
                {
                    var some = Vector256.Load(weights);
                    weights += 32;
                    part1 += Avx2.MultiplyAddAdjacent(some, Vector256.Create(*(int*)(first + at + (four * 4))).AsSByte());
                    part2 += Avx2.MultiplyAddAdjacent(some, Vector256.Create(*(int*)(second + at + (four * 4))).AsSByte());
                    part3 += Avx2.MultiplyAddAdjacent(some, Vector256.Create(*(int*)(third + at + (four * 4))).AsSByte());
                    part4 += Avx2.MultiplyAddAdjacent(some, Vector256.Create(*(int*)(fourth + at + (four * 4))).AsSByte());
                }
            }
            var (scale, zero) = (Vector256.Load(scales + (block * 16)), Vector256.Load(scales + (block * 16) + 8));
            total1 = Add(total1, part1, ones, scale, zero, *(float*)(first + step), sum1[block]);
            total2 = Add(total2, part2, ones, scale, zero, *(float*)(second + step), sum2[block]);
            total3 = Add(total3, part3, ones, scale, zero, *(float*)(third + step), sum3[block]);
            total4 = Add(total4, part4, ones, scale, zero, *(float*)(fourth + step), sum4[block]);
        }
        Store(total1, outputs, count);
        Store(total2, outputs + matrix.Outputs, count);
        Store(total3, outputs + (2L * matrix.Outputs), count);
        Store(total4, outputs + (3L * matrix.Outputs), count);
    }

    private static void One(in BlockMatrix matrix, in RoundedRows rows, int row, byte* weights, float* scales, float* outputs, int count)
    {
        var numbers = rows.Pairs(row);
        var sums = rows.Sums(row);
        var (total, ones) = (Vector256<float>.Zero, Vector256.Create((short)1));
        for (var block = 0; block < matrix.Blocks; block++)
        {
            var part = Vector256<short>.Zero;
            var at = ((block >> 1) * (long)RoundedRows.PairBytes) + ((block & 1) * 16);
            var step = at + RoundedRows.StepsAt;
            for (var half = 0; half < 2; half++, at += 32)
                for (var four = 0; four < 4; four++, weights += 32)
                    part += Avx2.MultiplyAddAdjacent(Vector256.Load(weights), Vector256.Create(*(int*)(numbers + at + (four * 4))).AsSByte());
            total = Add(total, part, ones, Vector256.Load(scales + (block * 16)), Vector256.Load(scales + (block * 16) + 8), *(float*)(numbers + step), sums[block]);
        }
        Store(total, outputs, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Add(Vector256<float> total, Vector256<short> part, Vector256<short> ones, Vector256<float> scale, Vector256<float> zero, float step, float sum) =>
        Fma.MultiplyAddNegated(zero, Vector256.Create(sum), Fma.MultiplyAdd(Vector256.ConvertToSingle(Avx2.MultiplyAddAdjacent(part, ones)), scale * Vector256.Create(step), total));

    private static void Store(Vector256<float> total, float* outputs, int count)
    {
        if (count == Panel) total.Store(outputs);
        else for (var lane = 0; lane < count; lane++) outputs[lane] = total[lane];
    }
}
