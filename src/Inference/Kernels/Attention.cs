using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// Causal attention of query rows to the keys and values of one head of a cache, keys a tile at a time: their scores, the softmax so far, and the values weighed with it, while all of it is in the nearest caches.
/// The query heads that share a head of the cache are rows side by side, so that keys and values are read once for all of them.
/// </summary>
internal static unsafe class Attention
{
    /// <summary>Dimensions of a head are a multiple of this.</summary>
    public const int Lanes = 16;

    private const int Tile = 64, Rows = 4;

    /// <summary>Up to so many rows it does not pay to turn keys first.</summary>
    private const int FewRows = 8;

    [ThreadStatic]
    private static ThreadRoom? _room;

    /// <summary>Whether this machine has the instructions that it is made of.</summary>
    public static bool IsSupported => Fma.IsSupported && HalfNumbers.IsSupported;

    /// <param name="head">What is attended to.</param>
    /// <param name="queries">Rows of <see cref="AttentionHead.Size"/> numbers, the heads of a token one after the other.</param>
    /// <param name="rows">How many.</param>
    /// <param name="token">The first row's token, counted from the first of the cache.</param>
    /// <param name="from">The first key.</param>
    /// <param name="end">Behind the last key.</param>
    /// <param name="outputs">Of each row the weighed sum of values, not yet divided by the sum of weights.</param>
    /// <param name="maxima">Of each row the largest score.</param>
    /// <param name="sums">Of each row the sum of weights.</param>
    public static void Attend(in AttentionHead head, float* queries, int rows, int token, int from, int end, float* outputs, float* maxima, float* sums)
    {
        var (size, group) = (head.Size, head.Group);
        var keys = (float*)(_room ??= new()).Take(((3 * Tile * size) + (Rows * Tile) + size) * sizeof(float));
        var turned = keys + (Tile * size);
        var values = turned + (Tile * size);
        var scores = values + (Tile * size);
        var nowhere = scores + (Rows * Tile);
        var scales = stackalloc float[Rows];
        new Span<float>(scores, (Rows * Tile) + size).Clear();
        new Span<float>(scales, Rows).Clear();
        new Span<float>(outputs, rows * size).Clear();
        new Span<float>(sums, rows).Clear();
        new Span<float>(maxima, rows).Fill(float.NegativeInfinity);
        end = Math.Min(end, token + ((rows - 1) / group) + 1);
        for (var key = from; key < end; key += Tile)
        {
            var count = Math.Min(Tile, end - key);
            HalfNumbers.Widen(head.Keys + ((long)key * size), count * size, keys);
            HalfNumbers.Widen(head.Values + ((long)key * size), count * size, values);
            if (rows > FewRows) Turn(keys, count, size, turned);
            // The first row that sees any of these keys.
            for (var row = Math.Max(0, key - token) * group / Rows * Rows; row < rows; row += Rows)
            {
                var some = Math.Min(Rows, rows - row);
                if (rows > FewRows) Score(queries + ((long)row * size), some, turned, count, size, scores);
                else for (var at = 0; at < some; at++) ScoreOne(queries + ((long)(row + at) * size), keys, count, size, scores + (at * Tile));
                for (var at = 0; at < some; at++)
                {
                    var seen = Math.Min(count, token + ((row + at) / group) + 1 - key);
                    scales[at] = Weigh(scores + (at * Tile), seen, ref maxima[row + at], ref sums[row + at]);
                }
                Sum(values, count, size, scores, some, scales, outputs + ((long)row * size), nowhere);
            }
        }
    }

    /// <summary>Keys side by side in sixteens, dimension after dimension; what is missing of the last sixteen is zero.</summary>
    private static void Turn(float* from, int count, int size, float* into)
    {
        for (var sixteen = 0; sixteen < count; sixteen += Lanes, into += Lanes * size)
            for (var half = 0; half < Lanes; half += 8)
            {
                var there = Math.Clamp(count - sixteen - half, 0, 8);
                var rows = from + ((long)(sixteen + half) * size);
                for (var dimension = 0; dimension < size; dimension += 8) TurnEight(rows + dimension, there, size, into + (dimension * Lanes) + half);
            }
    }

    private static void TurnEight(float* rows, int there, int size, float* into)
    {
        var (a, b, c, d) = (Row(rows, 0, there, size), Row(rows, 1, there, size), Row(rows, 2, there, size), Row(rows, 3, there, size));
        var (e, f, g, h) = (Row(rows, 4, there, size), Row(rows, 5, there, size), Row(rows, 6, there, size), Row(rows, 7, there, size));
        Put(Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), Avx.UnpackLow(e, f), Avx.UnpackLow(g, h), into);
        Put(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), Avx.UnpackHigh(e, f), Avx.UnpackHigh(g, h), into + (2 * Lanes));
    }

    private static void Put(Vector256<float> ab, Vector256<float> cd, Vector256<float> ef, Vector256<float> gh, float* into)
    {
        var (low1, low2) = (Avx.Shuffle(ab, cd, 0x44), Avx.Shuffle(ef, gh, 0x44));
        var (high1, high2) = (Avx.Shuffle(ab, cd, 0xEE), Avx.Shuffle(ef, gh, 0xEE));
        Avx.Permute2x128(low1, low2, 0x20).Store(into);
        Avx.Permute2x128(high1, high2, 0x20).Store(into + Lanes);
        Avx.Permute2x128(low1, low2, 0x31).Store(into + (4 * Lanes));
        Avx.Permute2x128(high1, high2, 0x31).Store(into + (5 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* rows, int row, int there, int size) => row < there ? Vector256.Load(rows + (row * size)) : default;

    /// <summary>The products of up to four queries with the keys of a tile.</summary>
    private static void Score(float* queries, int some, float* keys, int count, int size, float* scores)
    {
        var second = queries + (Math.Min(1, some - 1) * size);
        var third = queries + (Math.Min(2, some - 1) * size);
        var fourth = queries + (Math.Min(3, some - 1) * size);
        for (var sixteen = 0; sixteen < count; sixteen += Lanes, keys += Lanes * size)
        {
            var (a1, b1, c1, d1) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var (a2, b2, c2, d2) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var dimension = 0; dimension < size; dimension++)
            {
                var (left, right) = (Vector256.Load(keys + (dimension * Lanes)), Vector256.Load(keys + (dimension * Lanes) + 8));
                var query = Vector256.Create(queries[dimension]);
                (a1, a2) = (Fma.MultiplyAdd(left, query, a1), Fma.MultiplyAdd(right, query, a2));
                query = Vector256.Create(second[dimension]);
                (b1, b2) = (Fma.MultiplyAdd(left, query, b1), Fma.MultiplyAdd(right, query, b2));
                query = Vector256.Create(third[dimension]);
                (c1, c2) = (Fma.MultiplyAdd(left, query, c1), Fma.MultiplyAdd(right, query, c2));
                query = Vector256.Create(fourth[dimension]);
                (d1, d2) = (Fma.MultiplyAdd(left, query, d1), Fma.MultiplyAdd(right, query, d2));
            }
            Store(a1, a2, scores + sixteen);
            Store(b1, b2, scores + Tile + sixteen);
            Store(c1, c2, scores + (2 * Tile) + sixteen);
            Store(d1, d2, scores + (3 * Tile) + sixteen);
        }
    }

    /// <summary>The products of one query with the keys of a tile as they lie.</summary>
    private static void ScoreOne(float* query, float* keys, int count, int size, float* scores)
    {
        var key = 0;
        for (; key + 4 <= count; key += 4, keys += 4 * size)
        {
            var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var dimension = 0; dimension < size; dimension += 8)
            {
                var some = Vector256.Load(query + dimension);
                a = Fma.MultiplyAdd(some, Vector256.Load(keys + dimension), a);
                b = Fma.MultiplyAdd(some, Vector256.Load(keys + size + dimension), b);
                c = Fma.MultiplyAdd(some, Vector256.Load(keys + (2 * size) + dimension), c);
                d = Fma.MultiplyAdd(some, Vector256.Load(keys + (3 * size) + dimension), d);
            }
            var sums = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
            (sums.GetLower() + sums.GetUpper()).Store(scores + key);
        }
        for (; key < count; key++, keys += size)
        {
            var sum = Vector256<float>.Zero;
            for (var dimension = 0; dimension < size; dimension += 8) sum = Fma.MultiplyAdd(Vector256.Load(query + dimension), Vector256.Load(keys + dimension), sum);
            scores[key] = Vector256.Sum(sum);
        }
    }

    private static void Store(Vector256<float> left, Vector256<float> right, float* into)
    {
        left.Store(into);
        right.Store(into + 8);
    }

    /// <summary>Makes weights of scores; those beyond what the row sees are nothing.</summary>
    /// <returns>What the row's earlier weights are to be multiplied with.</returns>
    private static float Weigh(float* scores, int seen, ref float maximum, ref float sum)
    {
        for (var at = Math.Max(0, seen); at < Tile; at++) scores[at] = float.NegativeInfinity;
        if (seen <= 0)
        {
            new Span<float>(scores, Tile).Clear();
            return 1;
        }
        var largest = Vector256.Load(scores);
        for (var at = 8; at < Tile; at += 8) largest = Vector256.Max(largest, Vector256.Load(scores + at));
        var highest = maximum;
        for (var lane = 0; lane < 8; lane++) highest = MathF.Max(highest, largest[lane]);
        var (scale, total, less) = (MathF.Exp(maximum - highest), Vector256<float>.Zero, Vector256.Create(highest));
        for (var at = 0; at < Tile; at += 8)
        {
            var weight = Vector256.Exp(Vector256.Load(scores + at) - less);
            weight.Store(scores + at);
            total += weight;
        }
        maximum = highest;
        sum = (sum * scale) + Vector256.Sum(total);
        return scale;
    }

    /// <summary>Adds the values of a tile, weighed, to what there is of up to four rows.</summary>
    /// <param name="nowhere">Where rows that are missing go.</param>
    private static void Sum(float* values, int count, int size, float* weights, int some, float* scales, float* outputs, float* nowhere)
    {
        var secondRow = some > 1 ? outputs + size : nowhere;
        var thirdRow = some > 2 ? outputs + (2 * size) : nowhere;
        var fourthRow = some > 3 ? outputs + (3 * size) : nowhere;
        for (var dimension = 0; dimension < size; dimension += Lanes)
        {
            var (first, second, third, fourth) = (Vector256.Create(scales[0]), Vector256.Create(scales[1]), Vector256.Create(scales[2]), Vector256.Create(scales[3]));
            var (a1, a2) = (first * Vector256.Load(outputs + dimension), first * Vector256.Load(outputs + dimension + 8));
            var (b1, b2) = (second * Vector256.Load(secondRow + dimension), second * Vector256.Load(secondRow + dimension + 8));
            var (c1, c2) = (third * Vector256.Load(thirdRow + dimension), third * Vector256.Load(thirdRow + dimension + 8));
            var (d1, d2) = (fourth * Vector256.Load(fourthRow + dimension), fourth * Vector256.Load(fourthRow + dimension + 8));
            var value = values + dimension;
            for (var key = 0; key < count; key++, value += size)
            {
                var (left, right) = (Vector256.Load(value), Vector256.Load(value + 8));
                var weight = Vector256.Create(weights[key]);
                (a1, a2) = (Fma.MultiplyAdd(left, weight, a1), Fma.MultiplyAdd(right, weight, a2));
                weight = Vector256.Create(weights[Tile + key]);
                (b1, b2) = (Fma.MultiplyAdd(left, weight, b1), Fma.MultiplyAdd(right, weight, b2));
                weight = Vector256.Create(weights[(2 * Tile) + key]);
                (c1, c2) = (Fma.MultiplyAdd(left, weight, c1), Fma.MultiplyAdd(right, weight, c2));
                weight = Vector256.Create(weights[(3 * Tile) + key]);
                (d1, d2) = (Fma.MultiplyAdd(left, weight, d1), Fma.MultiplyAdd(right, weight, d2));
            }
            Store(a1, a2, outputs + dimension);
            Store(b1, b2, secondRow + dimension);
            Store(c1, c2, thirdRow + dimension);
            Store(d1, d2, fourthRow + dimension);
        }
    }
}

/// <summary>One head of a cache: rows of <paramref name="size"/> numbers for each token, and how many query heads share it.</summary>
internal readonly unsafe struct AttentionHead(Half* keys, Half* values, int size, int group)
{
    public Half* Keys => keys;

    public Half* Values => values;

    public int Size => size;

    public int Group => group;
}
