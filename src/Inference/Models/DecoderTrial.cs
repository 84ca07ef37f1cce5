using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;

namespace ModelAtlas.Inference.Models;

/// <summary>Measures a loaded model: prompts of given length are read, tokens are made, each step is timed.</summary>
public static class DecoderTrial
{
    /// <param name="Context">Tokens that are there already before the steps are timed; at least the prompt.</param>
    public sealed record Shape(int Prompt, int New, int Batch, int Context, int Repetitions);

    /// <param name="StopMs">Longest time from the wish to stop until a prompt in the middle of being read was given up; null where it was read too soon to tell.</param>
    /// <param name="PeakMegabytes">Most memory that this process ever held until the measurement of stops; null where the system does not tell.</param>
    /// <param name="StepP10">Milliseconds of the tenth fastest of a hundred steps: the quiet value.</param>
    public sealed record Result(double PrefillBest, double PrefillMedian, double DecodeBest, double DecodeMedian, double StepP10, double StepMedian, long ManagedBytesPerToken, long? PeakMegabytes, double? StopMs);

    public static Result Run(OrtDecoder decoder, Shape shape, CancellationToken cancellationToken)
    {
        var (prefills, decodes, steps, managed) = (new List<double>(), new List<double>(), new List<double>(shape.New * shape.Repetitions), 0L);
        var next = new int[shape.Batch];
        for (var repetition = -1; repetition < shape.Repetitions; repetition++) // the first one warms up
        {
            var prompt = Prompt(decoder.Vocabulary, Math.Max(shape.Context, shape.Prompt), repetition);
            var reading = 0.0;
            for (var slot = 0; slot < shape.Batch; slot++)
            {
                decoder.Truncate(slot, 0);
                var since = Stopwatch.GetTimestamp();
                next[slot] = TensorPrimitives.IndexOfMax(decoder.Append(slot, prompt.AsSpan(0, shape.Prompt), cancellationToken));
                reading += Stopwatch.GetElapsedTime(since).TotalSeconds;
                if (prompt.Length > shape.Prompt) next[slot] = TensorPrimitives.IndexOfMax(decoder.Append(slot, prompt.AsSpan(shape.Prompt), cancellationToken));
            }
            var (allocated, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var i = 0; i < shape.New; i++)
            {
                var since = Stopwatch.GetTimestamp();
                Advance(decoder, next, cancellationToken);
                if (repetition >= 0) steps.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
            if (repetition < 0) continue;
            prefills.Add(shape.Prompt * shape.Batch / reading);
            decodes.Add(shape.New * shape.Batch / Stopwatch.GetElapsedTime(started).TotalSeconds);
            managed = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        return new(prefills.Max(), Part(prefills, 0.5), decodes.Max(), Part(decodes, 0.5), Part(steps, 0.1), Part(steps, 0.5), managed / ((long)shape.New * shape.Batch), PeakMegabytes(), Stops(decoder, prefills.Max(), cancellationToken));
    }

    private static double? Stops(OrtDecoder decoder, double speed, CancellationToken cancellationToken)
    {
        var prompt = Prompt(decoder.Vocabulary, Math.Min(decoder.Context, 2048), seed: 1);
        var stops = new List<double>();
        foreach (var part in new[] { 0.2, 0.4, 0.6 })
        {
            decoder.Truncate(0, 0);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            long asked = 0;
            using var noted = stop.Token.UnsafeRegister(_ => asked = Stopwatch.GetTimestamp(), null);
            stop.CancelAfter(TimeSpan.FromSeconds(prompt.Length / speed * part));
            try
            {
                decoder.Append(0, prompt, stop.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                stops.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }
        return stops.Count > 0 ? stops.Max() : null;
    }

    private static void Advance(OrtDecoder decoder, int[] next, CancellationToken cancellationToken)
    {
        if (next.Length > 1 && !decoder.CanBatch)
        {
            for (var slot = 0; slot < next.Length; slot++) next[slot] = TensorPrimitives.IndexOfMax(decoder.Append(slot, next.AsSpan(slot, 1), cancellationToken));
            return;
        }
        var logits = decoder.Advance(0, next, cancellationToken);
        for (var slot = 0; slot < next.Length; slot++) next[slot] = TensorPrimitives.IndexOfMax(logits.Slice(slot * decoder.Vocabulary, decoder.Vocabulary));
    }

    private static int[] Prompt(int vocabulary, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
    }

    private static double Part(List<double> values, double part) => values.Order().ElementAt((int)((values.Count - 1) * part));

    private static long? PeakMegabytes()
    {
        if (!File.Exists("/proc/self/status")) return null;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is not null && long.TryParse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes / 1024 : null;
    }
}
