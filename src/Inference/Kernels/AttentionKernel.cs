using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// One node of grouped-query attention over a cache of 16 bits: queries, keys and values of new tokens (one tensor, or three), the cache before and after (the same memory, or else copied), how long each text is, and the tables of
/// a rotation. Inputs and outputs are those of the operator GroupQueryAttention.
/// </summary>
internal sealed unsafe class AttentionKernel(KernelSettings settings) : IKernel
{
    /// <summary>Tokens of a piece of work while a prompt is read, and keys of one while texts get a token each.</summary>
    private const int TokensTogether = 32, KeysTogether = 256;

    [ThreadStatic]
    private static ThreadRoom? _room;

    [ThreadStatic]
    private static ThreadRoom? _pieceRoom;

    private readonly int _heads = (int)settings.Number("num_heads"), _cacheHeads = (int)settings.Number("kv_num_heads");
    private readonly float _scale = settings.Fraction("scale");
    private readonly bool _rotates = settings.Number("do_rotary") != 0, _neighbours = settings.Number("rotary_interleaved") != 0;

    public nint Run(KernelCall call)
    {
        var work = Read(call);
        var shape = stackalloc long[] { work.Texts, work.Tokens, (long)_heads * work.Size };
        work.Output = (float*)call.Data(call.Output(0, shape, 3));
        if (work.Texts == 0 || work.Tokens == 0) return 0;

        work.IsPrompt = work.Tokens > 1;
        work.Pieces = work.IsPrompt ? (work.Tokens + TokensTogether - 1) / TokensTogether : (work.Total + KeysTogether - 1) / KeysTogether;
        var queries = (long)work.Texts * work.Tokens * _heads * work.Size;
        var parts = work.IsPrompt ? 0 : (long)work.Texts * _heads * work.Pieces * (work.Size + 2);
        work.Queries = (float*)(_room ??= new()).Take((queries + parts) * sizeof(float));
        work.Parts = work.Queries + queries;
        if (work.PastKeys != work.Keys && call.ParallelFor(&CopyHead, work.Texts * _cacheHeads, &work) is var copying && copying != 0) return copying;
        if (!work.IsPrompt) Place(&work, 0, work.Texts);
        else if (call.ParallelFor(&PlacePiece, work.Texts * work.Pieces, &work) is var placing && placing != 0) return placing;
        if (call.ParallelFor(&AttendPiece, work.Texts * _cacheHeads * work.Pieces, &work) is var failed && failed != 0) return failed;
        if (!work.IsPrompt) Merge(work);
        return 0;
    }

    /// <summary>What there is to do. Whatever does not fit together is refused: nothing is read or written beyond a tensor.</summary>
    private Work Read(KernelCall call)
    {
        var shape = stackalloc long[KernelCall.MostDimensions];
        var (query, key, value) = (call.Input(0), call.Input(1), call.Input(2));
        if (call.Shape(query, shape) != 3 || (key == 0) != (value == 0)) throw new InvalidOperationException("Queries, keys and values have an unknown shape.");
        var (texts, tokens, width) = (checked((int)shape[0]), checked((int)shape[1]), shape[2]);
        var (pastKeys, pastValues) = (call.Input(3), call.Input(4));
        if (call.Shape(pastKeys, shape) != 4 || shape[0] != texts || shape[1] != _cacheHeads || !Attention.Takes(shape[3]) || call.Elements(pastValues) != call.Elements(pastKeys)) throw new InvalidOperationException($"A cache does not fit {texts} texts and {_cacheHeads} heads.");
        var (pastRoom, size) = (checked((int)shape[2]), checked((int)shape[3]));
        var fresh = (long)texts * tokens * _cacheHeads * size;
        if (width != (key == 0 ? _heads + (2L * _cacheHeads) : _heads) * size || (key != 0 && (call.Elements(key) != fresh || call.Elements(value) != fresh))) throw new InvalidOperationException($"Queries, keys and values do not fit heads of {size}.");
        if (call.Elements(call.Input(5)) < texts || call.Elements(call.Input(6)) < 1) throw new InvalidOperationException("There are fewer lengths than texts.");
        var total = *(int*)call.Data(call.Input(6));
        var work = new Work
        {
            Query = (float*)call.Data(query),
            Key = key == 0 ? null : (float*)call.Data(key),
            Value = value == 0 ? null : (float*)call.Data(value),
            PastKeys = (Half*)call.Data(pastKeys),
            PastValues = (Half*)call.Data(pastValues),
            PastRoom = pastRoom,
            Room = Math.Max(pastRoom, total),
            Lengths = (int*)call.Data(call.Input(5)),
            Total = total,
            Texts = texts,
            Tokens = tokens,
            Heads = _heads,
            CacheHeads = _cacheHeads,
            Size = size,
            Scale = _scale == 0 ? 1 / MathF.Sqrt(size) : _scale,
            Rotation = _rotates ? ReadRotation(call, size) : new(null, null, int.MaxValue, 0, neighbours: false),
        };
        for (var text = 0; text < texts; text++)
        {
            var before = work.Before(text);
            if (before < 0 || before > pastRoom || before + (long)tokens > Math.Min(total, work.Rotation.Positions) || total > pastRoom + (long)tokens)
                throw new InvalidOperationException($"A text of {before + (long)tokens} tokens, in {total}, does not fit a cache of {pastRoom} or its rotation.");
        }
        (shape[0], shape[1], shape[2], shape[3]) = (texts, _cacheHeads, work.Room, size);
        work.Keys = (Half*)call.Data(call.Output(1, shape, 4));
        work.Values = (Half*)call.Data(call.Output(2, shape, 4));
        return work;
    }

    private Rotation ReadRotation(KernelCall call, int size)
    {
        var shape = stackalloc long[KernelCall.MostDimensions];
        var (cos, sin) = (call.Input(7), call.Input(8));
        if (cos == 0 || sin == 0 || call.Shape(cos, shape) != 2 || call.Elements(sin) != shape[0] * shape[1] || shape[1] * 2 > size) throw new InvalidOperationException("The tables of the rotation do not fit.");
        return new((float*)call.Data(cos), (float*)call.Data(sin), (int)Math.Min(int.MaxValue, shape[0]), (int)shape[1], _neighbours);
    }

    /// <summary>What the cache held before goes to where it will be.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CopyHead(Work* work, nuint head)
    {
        var bytes = (long)work->Before((int)head / work->CacheHeads) * work->Size * sizeof(Half);
        var (from, into) = ((long)head * work->PastRoom * work->Size, (long)head * work->Room * work->Size);
        Buffer.MemoryCopy(work->PastKeys + from, work->Keys + into, bytes, bytes);
        Buffer.MemoryCopy(work->PastValues + from, work->Values + into, bytes, bytes);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void PlacePiece(Work* work, nuint index)
    {
        var (text, piece) = ((int)index / work->Pieces, (int)index % work->Pieces);
        var first = (text * work->Tokens) + (piece * TokensTogether);
        Place(work, first, Math.Min(first + TokensTogether, (text + 1) * work->Tokens));
    }

    /// <summary>Turns the queries and keys of some tokens, all texts counted through, by their positions, and puts keys and values into the cache.</summary>
    private static void Place(Work* work, int first, int end)
    {
        var (size, group) = (work->Size, work->Group);
        var (wide, narrow) = ((long)work->Heads * size, (long)work->CacheHeads * size);
        var turned = stackalloc float[size];
        for (var at = first; at < end; at++)
        {
            var (text, token) = (at / work->Tokens, at % work->Tokens);
            var position = work->Before(text) + token;
            var query = work->Query + (at * (work->Key is null ? wide + (2 * narrow) : wide));
            var key = work->Key is null ? query + wide : work->Key + (at * narrow);
            var value = work->Value is null ? query + wide + narrow : work->Value + (at * narrow);
            for (var head = 0; head < work->Heads; head++)
            {
                var row = work->QueriesOf(text, head / group) + ((((long)token * group) + (head % group)) * size);
                work->Rotation.Turn(query + (head * size), row, size, position);
                TensorPrimitives.Multiply(new(row, size), work->Scale, new(row, size));
            }
            for (var head = 0; head < work->CacheHeads; head++)
            {
                var place = work->PlaceOf(text, head) + ((long)position * size);
                work->Rotation.Turn(key + (head * size), turned, size, position);
                HalfNumbers.Round(new(turned, size), work->Keys + place);
                HalfNumbers.Round(new(value + (head * size), size), work->Values + place);
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void AttendPiece(Work* work, nuint index)
    {
        var (size, group) = (work->Size, work->Group);
        var (text, head, piece) = ((int)index / work->Pieces / work->CacheHeads, (int)index / work->Pieces % work->CacheHeads, (int)index % work->Pieces);
        var before = work->Before(text);
        var queries = work->QueriesOf(text, head);
        var cache = new CacheHead(work->Keys + work->PlaceOf(text, head), work->Values + work->PlaceOf(text, head), size, group);
        if (!work->IsPrompt)
        {
            Attention.Attend(cache, queries, group, before, piece * KeysTogether, Math.Min((piece + 1) * KeysTogether, before + 1), new(work->PartOf(text, head, piece), group, size));
            return;
        }
        var first = piece * TokensTogether;
        var rows = Math.Min(TokensTogether, work->Tokens - first) * group;
        var sums = new WeighedRows((float*)(_pieceRoom ??= new()).Take((long)rows * (size + 2) * sizeof(float)), rows, size);
        Attention.Attend(cache, queries + ((long)first * group * size), rows, before + first, 0, before + first + (rows / group), sums);
        for (var row = 0; row < rows; row++)
        {
            var into = work->Output + (((((long)text * work->Tokens) + first + (row / group)) * work->Heads) + (head * group) + (row % group)) * size;
            TensorPrimitives.Divide(sums.Row(row), sums.Weight[row], new(into, size));
        }
    }

    /// <summary>Brings the parts of each row together: their weights are of different largest scores.</summary>
    private static void Merge(in Work work)
    {
        for (var text = 0; text < work.Texts; text++)
            for (var head = 0; head < work.Heads; head++)
            {
                var (row, cacheHead) = (head % work.Group, head / work.Group);
                var into = new Span<float>(work.Output + ((((long)text * work.Heads) + head) * work.Size), work.Size);
                var (highest, weight) = (float.NegativeInfinity, 0f);
                for (var piece = 0; piece < work.Pieces; piece++) highest = MathF.Max(highest, work.SumsOf(text, cacheHead, piece).Highest[row]);
                into.Clear();
                for (var piece = 0; piece < work.Pieces; piece++)
                {
                    var part = work.SumsOf(text, cacheHead, piece);
                    var share = MathF.Exp(part.Highest[row] - highest);
                    if (share == 0) continue; // a text that is shorter than others has nothing here
                    weight += share * part.Weight[row];
                    TensorPrimitives.MultiplyAdd(part.Row(row), share, into, into);
                }
                TensorPrimitives.Divide(into, weight, into);
            }
    }

    private struct Work
    {
        public float* Query, Key, Value, Output;

        /// <summary>The cache before and after: text, head, token, number.</summary>
        public Half* PastKeys, PastValues, Keys, Values;

        /// <summary>Queries turned and scaled, those of one head of the cache after the other; and the parts that attention to a long text is computed in.</summary>
        public float* Queries, Parts;
        public int* Lengths;
        public int Total, Texts, Tokens, Heads, CacheHeads, Size, PastRoom, Room;

        /// <summary>Pieces of work for each text and head of the cache: tokens of a prompt, or keys where each text gets one token.</summary>
        public int Pieces;
        public float Scale;
        public bool IsPrompt;
        public Rotation Rotation;

        /// <summary>Query heads that share one of the cache.</summary>
        public readonly int Group => Heads / CacheHeads;

        /// <summary>How many tokens a text had before these: none where all of it is new.</summary>
        public readonly int Before(int text) => Tokens == Total ? 0 : Lengths[text] + 1 - Tokens;

        public readonly long PlaceOf(int text, int cacheHead) => (((long)text * CacheHeads) + cacheHead) * Room * Size;

        public readonly float* QueriesOf(int text, int cacheHead) => Queries + ((((long)text * CacheHeads) + cacheHead) * Tokens * Group * Size);

        public readonly float* PartOf(int text, int cacheHead, int piece) => Parts + ((((((long)text * CacheHeads) + cacheHead) * Pieces) + piece) * Group * (Size + 2));

        public readonly WeighedRows SumsOf(int text, int cacheHead, int piece) => new(PartOf(text, cacheHead, piece), Group, Size);
    }
}
