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
    /// <summary>Numbers of a head are a multiple of this.</summary>
    private const int Multiple = 16;

    /// <summary>Most numbers of a head, far beyond what any model has: a thread's stack and room hold tiles of them.</summary>
    private const int MostSize = 1024;

    private const int Tile = 64, Rows = 4;

    /// <summary>Up to so many rows it does not pay to turn keys first.</summary>
    private const int FewRows = 8;

    [ThreadStatic]
    private static ThreadRoom? _room;

    /// <summary>Whether heads of so many numbers can be computed.</summary>
    public static bool Takes(long size) => size is > 0 and <= MostSize && size % Multiple == 0;

    /// <summary>Whether this machine has the instructions that it is made of.</summary>
    public static bool IsSupported => Fma.IsSupported && HalfNumbers.IsSupported;

    /// <param name="head">What is attended to.</param>
    /// <param name="queries">Rows of as many numbers, the query heads of a token one after the other.</param>
    /// <param name="rows">How many.</param>
    /// <param name="token">The first row's token, counted from the first of the cache.</param>
    /// <param name="from">The first key.</param>
    /// <param name="end">Behind the last key.</param>
    /// <param name="into">Gets what there is of each row.</param>
    public static void Attend(in CacheHead head, float* queries, int rows, int token, int from, int end, WeighedRows into)
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
        into.Clear();
        for (var key = from; key < end; key += Tile)
        {
            var count = Math.Min(Tile, end - key);
            HalfNumbers.Widen(head.Keys + ((long)key * size), count * size, keys);
            HalfNumbers.Widen(head.Values + ((long)key * size), count * size, values);
            if (rows > FewRows) KeyTile.Turn(keys, count, size, turned);
            // From the first row on that sees any of these keys.
            for (var row = Math.Max(0, key - token) * group / Rows * Rows; row < rows; row += Rows)
            {
                var some = Math.Min(Rows, rows - row);
                if (rows > FewRows) Score(queries + ((long)row * size), some, turned, count, size, scores);
                else for (var at = 0; at < some; at++) ScoreOne(queries + ((long)(row + at) * size), keys, count, size, scores + (at * Tile));
                for (var at = 0; at < some; at++)
                {
                    var seen = Math.Min(count, token + ((row + at) / group) + 1 - key);
                    scales[at] = Weigh(scores + (at * Tile), seen, ref into.Highest[row + at], ref into.Weight[row + at]);
                }
                Sum(values, count, size, scores, some, scales, into.Values + ((long)row * size), nowhere);
            }
        }
    }

    /// <summary>The products of up to four queries with the keys of a tile.</summary>
    private static void Score(float* queries, int some, float* keys, int count, int size, float* scores)
    {
        var second = queries + (Math.Min(1, some - 1) * size);
        var third = queries + (Math.Min(2, some - 1) * size);
        var fourth = queries + (Math.Min(3, some - 1) * size);
        for (var sixteen = 0; sixteen < count; sixteen += KeyTile.Lanes, keys += KeyTile.Lanes * size)
        {
            var (a1, b1, c1, d1) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var (a2, b2, c2, d2) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var dimension = 0; dimension < size; dimension++)
            {
                var (left, right) = (Vector256.Load(keys + (dimension * KeyTile.Lanes)), Vector256.Load(keys + (dimension * KeyTile.Lanes) + 8));
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
        for (var dimension = 0; dimension < size; dimension += Multiple)
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
