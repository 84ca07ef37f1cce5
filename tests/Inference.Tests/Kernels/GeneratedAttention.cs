using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Kernels;

/// <summary>A graph of one attention over random queries, keys, values and cache, for texts of which each had its own number of tokens before.</summary>
/// <param name="Packed">Queries, keys and values are one tensor.</param>
/// <param name="Turned">How many pairs of a head are rotated; none where 0.</param>
/// <param name="Room">More tokens than the longest text needs, where past and present are one buffer; null where they are two.</param>
internal sealed record GeneratedAttention(int Heads, int CacheHeads, int Size, int Tokens, int[] Before, bool Packed = false, int Turned = 0, bool Neighbours = false, float Scale = 0, int? Room = null)
{
    private const int Positions = 600;

    public int Texts => Before.Length;

    private int Total => Before.Max() + Tokens;

    private int PastRoom => Room is { } more ? Total + more : Before.Max();

    public CachePort[] Ports => [.. new[] { "key", "value" }.Select(part => new CachePort($"past.0.{part}", $"present.0.{part}", OnnxType.Float, [0, CacheHeads, 0, Size], 0, 2))];

    /// <param name="more">Attributes that the node has too.</param>
    public OnnxWriter Graph(byte[][]? more = null, string[]? inputs = null)
    {
        var width = (Packed ? Heads + (2 * CacheHeads) : Heads) * Size;
        var graph = new OnnxWriter().Input("q", 1, "batch", "tokens", width);
        if (!Packed) graph.Input("k", 1, "batch", "tokens", CacheHeads * Size).Input("v", 1, "batch", "tokens", CacheHeads * Size);
        foreach (var port in Ports) graph.Input(port.Past, 1, "batch", CacheHeads, "past", Size).Output(port.Present, 1, "batch", CacheHeads, "present", Size);
        graph.Input("lengths", 6, "batch").Input("total", 6).Output("y", 1, "batch", "tokens", Heads * Size);
        if (Turned > 0)
        {
            var angles = Enumerable.Range(0, Positions * Turned).Select(at => at / Turned / MathF.Pow(100, at % Turned / (float)Turned)).ToArray();
            graph.Floats("cos", [Positions, Turned], angles.Select(MathF.Cos)).Floats("sin", [Positions, Turned], angles.Select(MathF.Sin));
        }
        return graph.Node("GroupQueryAttention", inputs ?? ["q", Packed ? "" : "k", Packed ? "" : "v", "past.0.key", "past.0.value", "lengths", "total", .. Turned > 0 ? new[] { "cos", "sin" } : []], ["y", "present.0.key", "present.0.value"], "com.microsoft",
            [OnnxWriter.Whole("num_heads", Heads), OnnxWriter.Whole("kv_num_heads", CacheHeads), OnnxWriter.Whole("do_rotary", Turned > 0 ? 1 : 0), OnnxWriter.Whole("rotary_interleaved", Neighbours ? 1 : 0), OnnxWriter.Real("scale", Scale), .. more ?? []]);
    }

    public byte[]? Rewritten(byte[] model) => new GraphRewriter(QuickActivations: false, OwnProducts: false, LogitsOutput: null) { Caches = Ports }.Rewrite(model);

    /// <summary>What comes out, and the keys and values that texts have then, one after the other.</summary>
    /// <param name="halves">The cache is of 16 bits.</param>
    /// <param name="lengths">Given instead of what is right.</param>
    public (float[] Output, float[] Cache) Run(byte[] model, bool halves, int[]? lengths = null, int? total = null)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtCustomOperator.AddTo(options);
        using var session = new InferenceSession(model, options);
        using var binding = session.CreateIoBinding();
        var random = new Random(Heads + (Size * Tokens));
        var values = new List<OrtValue>();
        void Input<T>(string name, T[] numbers, params long[] shape) where T : unmanaged
        {
            var value = OrtValue.CreateTensorValueFromMemory(numbers, shape);
            values.Add(value);
            binding.BindInput(name, value);
        }
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 4)];
        try
        {
            Input("q", Numbers(Texts * Tokens * (Packed ? Heads + (2 * CacheHeads) : Heads) * Size), Texts, Tokens, (Packed ? Heads + (2 * CacheHeads) : Heads) * Size);
            if (!Packed)
                foreach (var name in new[] { "k", "v" }) Input(name, Numbers(Texts * Tokens * CacheHeads * Size), Texts, Tokens, CacheHeads * Size);
            foreach (var port in Ports)
            {
                var past = Array.ConvertAll(Numbers(Texts * CacheHeads * PastRoom * Size), number => (Half)number);
                if (halves) Input(port.Past, Array.ConvertAll(past, number => new Float16(BitConverter.HalfToUInt16Bits(number))), Texts, CacheHeads, PastRoom, Size);
                else Input(port.Past, Array.ConvertAll(past, number => (float)number), Texts, CacheHeads, PastRoom, Size);
            }
            lengths ??= [.. Before.Select(before => before + Tokens - 1)];
            Input("lengths", lengths, lengths.Length);
            Input("total", [total ?? Total]);
            binding.BindOutputToDevice("y", OrtMemoryInfo.DefaultInstance);
            foreach (var (at, port) in Ports.Index())
                if (Room is null) binding.BindOutputToDevice(port.Present, OrtMemoryInfo.DefaultInstance);
                else binding.BindOutput(port.Present, values[(Packed ? 1 : 3) + at]);
            using var run = new RunOptions();
            using var outputs = session.RunWithBoundResults(run, binding);
            var names = binding.GetOutputNames();
            var cache = new List<float>();
            foreach (var port in Ports)
            {
                var output = outputs[Array.IndexOf(names, port.Present)];
                var room = (int)output.GetTensorTypeAndShape().Shape[2];
                float[] all = halves ? Array.ConvertAll(output.GetTensorDataAsSpan<Float16>().ToArray(), number => (float)BitConverter.UInt16BitsToHalf(number.value)) : output.GetTensorDataAsSpan<float>().ToArray();
                for (var head = 0; head < Texts * CacheHeads; head++) cache.AddRange(all.AsSpan(head * room * Size, (Before[head / CacheHeads] + Tokens) * Size));
            }
            return (outputs[Array.IndexOf(names, "y")].GetTensorDataAsSpan<float>().ToArray(), [.. cache]);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }
}
