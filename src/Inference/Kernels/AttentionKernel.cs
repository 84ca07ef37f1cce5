using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Kernels;

/// <summary>
/// One node of grouped-query attention: queries, keys and values of new tokens (packed into one tensor, or three), the cache before and after (the same memory, or else copied), how long each text is, and tables of a rotation.
/// Inputs and outputs are those of the operator GroupQueryAttention.
/// </summary>
internal sealed unsafe class AttentionKernel(KernelSettings settings) : IKernel
{
    private readonly int heads = (int)settings.Number("num_heads"), cacheHeads = (int)settings.Number("kv_num_heads");
    private readonly float scale = settings.Fraction("scale");
    private readonly bool rotates = settings.Number("do_rotary") != 0, neighbours = settings.Number("rotary_interleaved") != 0;

    /// <summary>Tokens of a piece of work while a prompt is read, and keys of one while tokens are made.</summary>
    private const int TokensTogether = 32, KeysTogether = 256;

    [ThreadStatic]
    private static ThreadRoom? _room;

    [ThreadStatic]
    private static ThreadRoom? _parts;

    public nint Run(KernelCall call)
    {
        var shape = stackalloc long[KernelCall.MostDimensions];
        var (query, key, value) = (call.Input(0), call.Input(1), call.Input(2));
        if (call.Shape(query, shape) != 3) throw new InvalidOperationException("Queries have an unknown shape.");
        var (texts, tokens, width) = (checked((int)shape[0]), checked((int)shape[1]), checked((int)shape[2]));
        var size = width / (key == 0 ? heads + (2 * cacheHeads) : heads);
        var (pastKey, pastValue) = (call.Input(3), call.Input(4));
        if (call.Shape(pastKey, shape) != 4 || shape[1] != cacheHeads || shape[3] != size || shape[0] != texts || size % Attention.Lanes != 0) throw new InvalidOperationException($"The cache does not fit {cacheHeads} heads of {size}.");
        var room = (int)shape[2];
        if (call.Elements(call.Input(5)) < texts) throw new InvalidOperationException("There are fewer lengths than texts.");
        var lengths = (int*)call.Data(call.Input(5));
        var total = *(int*)call.Data(call.Input(6));
        shape[2] = Math.Max(room, total);
        var (presentKey, presentValue) = (call.Output(1, shape, 4), call.Output(2, shape, 4));
        var work = new Work
        {
            Query = (float*)call.Data(query), Key = key == 0 ? null : (float*)call.Data(key), Value = value == 0 ? null : (float*)call.Data(value),
            PastKey = (Half*)call.Data(pastKey), PastValue = (Half*)call.Data(pastValue), PresentKey = (Half*)call.Data(presentKey), PresentValue = (Half*)call.Data(presentValue),
            Lengths = lengths, Total = total, Texts = texts, Tokens = tokens, Size = size, Heads = heads, CacheHeads = cacheHeads, Scale = scale == 0 ? 1 / MathF.Sqrt(size) : scale, PastRoom = room, Room = (int)shape[2], Neighbours = neighbours,
        };
        if (rotates) Rotation(call, ref work, shape);
        for (var text = 0; text < texts; text++)
            if (work.Before(text) < 0 || work.Before(text) + tokens > work.Room || work.Before(text) > room && work.PastKey != work.PresentKey || (rotates && work.Before(text) + tokens > work.Positions))
                throw new InvalidOperationException($"A text of {lengths[text] + 1} tokens does not fit a cache of {work.Room} or its rotation.");
        (shape[0], shape[1], shape[2]) = (texts, tokens, (long)heads * size);
        work.Output = (float*)call.Data(call.Output(0, shape, 3));
        if (texts == 0 || tokens == 0) return 0;

        var group = heads / cacheHeads;
        work.Splits = tokens > 1 ? 1 : Math.Max(1, (total + KeysTogether - 1) / KeysTogether);
        work.Blocks = (tokens + TokensTogether - 1) / TokensTogether;
        var queries = (long)texts * tokens * heads * size;
        var partial = (long)texts * heads * work.Splits * (size + 2);
        work.Rows = (float*)(_room ??= new()).Take((queries + (tokens > 1 ? 0 : partial)) * sizeof(float));
        work.Partial = work.Rows + queries;
        if (work.PastKey != work.PresentKey && call.ParallelFor(&CopyPart, texts * cacheHeads, &work) is var copying && copying != 0) return copying;
        if (tokens == 1) Place(&work, 0, texts);
        else if (call.ParallelFor(&PlacePart, texts * work.Blocks, &work) is var placing && placing != 0) return placing;
        if (call.ParallelFor(&AttendPart, texts * cacheHeads * (tokens > 1 ? work.Blocks : work.Splits), &work) is var failed && failed != 0) return failed;
        if (tokens == 1) Merge(work, group);
        return 0;
    }

    private static void Rotation(KernelCall call, ref Work work, long* shape)
    {
        var (cos, sin) = (call.Input(7), call.Input(8));
        if (cos == 0 || sin == 0 || call.Shape(cos, shape) != 2 || call.Elements(sin) != shape[0] * shape[1] || shape[1] * 2 > work.Size) throw new InvalidOperationException("The tables of the rotation do not fit.");
        (work.Positions, work.Half) = ((int)Math.Min(int.MaxValue, shape[0]), (int)shape[1]);
        work.Cos = (float*)call.Data(cos);
        work.Sin = (float*)call.Data(sin);
    }

    /// <summary>What the cache held before goes to where it will be.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CopyPart(Work* work, nuint head)
    {
        var bytes = (long)work->Before((int)head / work->CacheHeads) * work->Size * sizeof(Half);
        var (from, into) = ((long)head * work->PastRoom * work->Size, (long)head * work->Room * work->Size);
        Buffer.MemoryCopy(work->PastKey + from, work->PresentKey + into, bytes, bytes);
        Buffer.MemoryCopy(work->PastValue + from, work->PresentValue + into, bytes, bytes);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void PlacePart(Work* work, nuint piece)
    {
        var (text, block) = ((int)piece / work->Blocks, (int)piece % work->Blocks);
        var first = (text * work->Tokens) + (block * TokensTogether);
        Place(work, first, Math.Min(first + TokensTogether, (text + 1) * work->Tokens));
    }

    /// <summary>Turns the queries and keys of some tokens, all texts counted through, by their positions, and puts keys and values into the cache.</summary>
    private static void Place(Work* work, int first, int end)
    {
        var (size, group) = (work->Size, work->Heads / work->CacheHeads);
        var (wide, narrow) = (work->Heads * size, work->CacheHeads * size);
        var turned = stackalloc float[size];
        for (var at = first; at < end; at++)
        {
            var (text, token) = (at / work->Tokens, at % work->Tokens);
            var position = work->Before(text) + token;
            var query = work->Query + ((long)at * (work->Key is null ? wide + (2 * narrow) : wide));
            var key = work->Key is null ? query + wide : work->Key + ((long)at * narrow);
            var value = work->Value is null ? query + wide + narrow : work->Value + ((long)at * narrow);
            for (var head = 0; head < work->Heads; head++)
            {
                var row = work->Row(text, head / group) + ((((long)token * group) + (head % group)) * size);
                Turn(work, query + (head * size), row, position);
                for (var number = 0; number < size; number++) row[number] *= work->Scale;
            }
            for (var head = 0; head < work->CacheHeads; head++)
            {
                var place = ((((long)text * work->CacheHeads) + head) * work->Room + position) * size;
                Turn(work, key + (head * size), turned, position);
                HalfNumbers.Round(new(turned, size), work->PresentKey + place);
                HalfNumbers.Round(new(value + (head * size), size), work->PresentValue + place);
            }
        }
    }

    /// <summary>Rotates pairs: neighbours, or the second half a rotation behind the first. What is beyond the rotation stays.</summary>
    private static void Turn(Work* work, float* from, float* into, int position)
    {
        var half = work->Half;
        var cos = work->Cos + ((long)position * half);
        var sin = work->Sin + ((long)position * half);
        for (var at = 0; at < half; at++)
        {
            var (one, other) = work->Neighbours ? (2 * at, (2 * at) + 1) : (at, half + at);
            var (first, second) = (from[one], from[other]);
            into[one] = (first * cos[at]) - (second * sin[at]);
            into[other] = (second * cos[at]) + (first * sin[at]);
        }
        new Span<float>(from + (2 * half), work->Size - (2 * half)).CopyTo(new(into + (2 * half), work->Size - (2 * half)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void AttendPart(Work* work, nuint piece)
    {
        var (parts, group, size) = (work->Tokens > 1 ? work->Blocks : work->Splits, work->Heads / work->CacheHeads, work->Size);
        var (text, head, part) = ((int)piece / parts / work->CacheHeads, (int)piece / parts % work->CacheHeads, (int)piece % parts);
        var cache = ((((long)text * work->CacheHeads) + head) * work->Room) * size;
        var before = work->Before(text);
        var rows = work->Row(text, head);
        var cached = new AttentionHead(work->PresentKey + cache, work->PresentValue + cache, size, group);
        if (work->Tokens == 1)
        {
            var partial = work->PartialOf(text, (head * group), part);
            Attention.Attend(cached, rows, group, before, part * KeysTogether, Math.Min((part + 1) * KeysTogether, before + 1), partial, partial + ((long)group * size), partial + ((long)group * size) + group);
            return;
        }
        var first = part * TokensTogether;
        var tokens = Math.Min(TokensTogether, work->Tokens - first);
        var room = (_parts ??= new()).Take((long)tokens * group * (size + 2) * sizeof(float));
        var outputs = (float*)room;
        var maxima = outputs + ((long)tokens * group * size);
        var sums = maxima + (tokens * group);
        Attention.Attend(cached, rows + ((long)first * group * size), tokens * group, before + first, 0, before + first + tokens, outputs, maxima, sums);
        for (var row = 0; row < tokens * group; row++)
        {
            var into = work->Output + ((((long)text * work->Tokens) + first + (row / group)) * work->Heads + (head * group) + (row % group)) * size;
            var share = 1 / sums[row];
            for (var number = 0; number < size; number++) into[number] = outputs[((long)row * size) + number] * share;
        }
    }

    /// <summary>Brings the parts of each row together: their weights are of different largest scores.</summary>
    private static void Merge(in Work work, int group)
    {
        var size = work.Size;
        for (var text = 0; text < work.Texts; text++)
            for (var head = 0; head < work.Heads; head++)
            {
                var row = head % group;
                var (highest, sum) = (float.NegativeInfinity, 0f);
                for (var part = 0; part < work.Splits; part++) highest = MathF.Max(highest, work.PartialOf(text, head - row, part)[(group * size) + row]);
                var into = new Span<float>(work.Output + ((((long)text * work.Heads) + head) * size), size);
                into.Clear();
                for (var part = 0; part < work.Splits; part++)
                {
                    var partial = work.PartialOf(text, head - row, part);
                    var share = MathF.Exp(partial[(group * size) + row] - highest);
                    if (share == 0) continue;
                    sum += share * partial[(group * size) + group + row];
                    for (var number = 0; number < size; number++) into[number] += share * partial[((long)row * size) + number];
                }
                for (var number = 0; number < size; number++) into[number] /= sum;
            }
    }

    private struct Work
    {
        public float* Query, Key, Value, Output, Cos, Sin;
        public Half* PastKey, PastValue, PresentKey, PresentValue;

        /// <summary>Queries, turned and scaled, those of one head of the cache after the other; and the parts that attention to a long text is computed in.</summary>
        public float* Rows, Partial;
        public int* Lengths;
        public int Total, Texts, Tokens, Size, Heads, CacheHeads, PastRoom, Room, Positions, Half, Blocks, Splits;
        public float Scale;
        public bool Neighbours;

        /// <summary>How many tokens a text had before these: none where all of it is new.</summary>
        public readonly int Before(int text) => Tokens == Total ? 0 : Lengths[text] + 1 - Tokens;

        public readonly float* Row(int text, int cacheHead) => Rows + ((((long)text * CacheHeads) + cacheHead) * Tokens * (Heads / CacheHeads) * Size);

        /// <summary>Of one part and the heads that share one of the cache: weighed sums, largest scores, sums of weights.</summary>
        public readonly float* PartialOf(int text, int head, int part) => Partial + (((((long)text * Heads) + head) * Splits) + ((long)part * (Heads / CacheHeads))) * (Size + 2);
    }
}
