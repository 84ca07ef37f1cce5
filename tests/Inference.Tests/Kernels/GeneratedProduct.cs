using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Kernels;

/// <summary>Random weights of 4 bits, and what they make of activations by plain arithmetic.</summary>
internal sealed class GeneratedProduct(Random random, int outputs, int blocks, bool hasZeros)
{
    public const int Block = 32;

    public int Outputs => outputs;

    public byte[] Weights { get; } = Bytes(random, outputs * blocks * Block / 2);

    public float[] Scales { get; } = [.. Enumerable.Range(0, outputs * blocks).Select(_ => 0.001f + (0.01f * random.NextSingle()))];

    public byte[]? Zeros { get; } = hasZeros ? Bytes(random, outputs * ((blocks + 1) / 2)) : null;

    public Action<OnnxWriter> Write(int at) => model =>
    {
        model.Tensor(OnnxWriter.RawTensor($"w{at}", 2, [outputs, blocks, Block / 2], Weights)).Floats($"s{at}", [outputs * blocks], Scales);
        if (Zeros is not null) model.Tensor(OnnxWriter.RawTensor($"z{at}", 2, [outputs * ((blocks + 1) / 2)], Zeros));
    };

    /// <summary>Of each block some are large, and one in eight blocks is nothing at all.</summary>
    public float[] Activations(int rows)
    {
        var values = new float[rows * blocks * Block];
        for (var at = 0; at < values.Length; at++) values[at] = at / Block % 8 == 5 ? 0 : (random.NextSingle() - 0.5f) * (at % 17 == 0 ? 20 : 2);
        return values;
    }

    public (double Value, double Size) Expected(ReadOnlySpan<float> row, int output)
    {
        var (total, size) = (0.0, 1e-6);
        for (var block = 0; block < blocks; block++)
        {
            var some = row.Slice(block * Block, Block);
            var largest = 0f;
            foreach (var value in some) largest = Math.Max(largest, Math.Abs(value));
            var zero = Zeros is null ? 8 : Zeros[(output * ((blocks + 1) / 2)) + (block / 2)] >> (4 * (block & 1)) & 15;
            for (var at = 0; at < Block; at++)
            {
                var weight = Weights[(((output * blocks) + block) * (Block / 2)) + (at / 2)] >> (4 * (at & 1)) & 15;
                var rounded = largest > 0 ? MathF.Round(some[at] * (127 / largest)) : 0;
                var part = (double)Scales[(output * blocks) + block] * (largest / 127) * rounded;
                total += part * (weight - zero);
                size += Math.Abs(part) * 15;
            }
        }
        return (total, size);
    }

    public byte[][] Attributes() =>
        [OnnxWriter.Whole("K", blocks * Block), OnnxWriter.Whole("N", outputs), OnnxWriter.Whole("bits", 4), OnnxWriter.Whole("block_size", Block), OnnxWriter.Whole("accuracy_level", 4)];

    /// <summary>All outputs of a model of one input, x.</summary>
    public static List<float[]> Run(byte[] model, float[] values, int rows)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtCustomOperator.AddTo(options);
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(values, [rows, values.Length / rows]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["x"], [input], session.OutputNames);
        return [.. outputs.Select(output => output.GetTensorDataAsSpan<float>().ToArray())];
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
