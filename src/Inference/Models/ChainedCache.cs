using Microsoft.ML.OnnxRuntime;

namespace ModelAtlas.Inference.Models;

/// <summary>The present of one run is the past of the next, as it came out: no copies of ours, for any graph and any device.</summary>
internal sealed class ChainedCache(IReadOnlyList<CachePort> ports, int slots, OrtMemoryInfo device) : IKeyValueCache
{
    private readonly OrtValue?[][] _pasts = [.. Enumerable.Range(0, slots).Select(_ => new OrtValue?[ports.Count])];
    private int[]? _order;

    public bool Batches => false;
    public int Capacity => int.MaxValue;
    public bool CanCopy => CanCut;
    public bool CanCut { get; } = device.Equals(OrtMemoryInfo.DefaultInstance);

    public void Bind(OrtIoBinding binding, int first, int rows, int length, int longest, int goal)
    {
        var past = _pasts[first];
        for (var i = 0; i < ports.Count; i++)
        {
            past[i] ??= Empty(ports[i]);
            binding.BindInput(ports[i].Past, past[i]);
            binding.BindOutputToDevice(ports[i].Present, device);
        }
    }

    public void Keep(OrtIoBinding binding, int first)
    {
        _order ??= Order(binding);
        var outputs = binding.GetOutputValues();
        for (var i = 0; i < outputs.Count; i++)
        {
            if (_order[i] is var port and >= 0)
            {
                _pasts[first][port]?.Dispose();
                _pasts[first][port] = outputs.ElementAt(i);
            }
            else outputs.ElementAt(i).Dispose();
        }
    }

    public void Truncate(int slot, int length)
    {
        for (var i = 0; i < ports.Count; i++)
            if (_pasts[slot][i] is { } past)
            {
                _pasts[slot][i] = length == 0 ? null : Part(ports[i], past, length);
                past.Dispose();
            }
    }

    public void Copy(int source, int target, int length)
    {
        for (var i = 0; i < ports.Count; i++)
        {
            _pasts[target][i]?.Dispose();
            _pasts[target][i] = _pasts[source][i] is { } past ? Part(ports[i], past, length) : null;
        }
    }

    public void Dispose()
    {
        foreach (var past in _pasts)
            foreach (var value in past) value?.Dispose();
    }

    /// <summary>The first tokens of a cache, in memory of its own.</summary>
    private static OrtValue Part(CachePort port, OrtValue whole, int length)
    {
        var shape = whole.GetTensorTypeAndShape().Shape;
        var row = shape[(port.LengthAxis + 1)..].Aggregate(port.ElementSize, (product, size) => checked(product * (int)size));
        var outer = shape[..port.LengthAxis].Aggregate(1L, (product, size) => product * size);
        var (stride, kept) = ((int)shape[port.LengthAxis] * row, length * row);
        shape[port.LengthAxis] = length;
        var part = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, SharedCache.ElementType(port), shape);
        var source = whole.GetTensorMutableRawData();
        var target = part.GetTensorMutableRawData();
        for (long i = 0; i < outer; i++) source.Slice((int)(i * stride), kept).CopyTo(target.Slice((int)(i * kept), kept));
        return part;
    }

    private static OrtValue Empty(CachePort port)
    {
        var shape = (long[])port.Shape.Clone();
        shape[port.BatchAxis] = 1;
        return OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, SharedCache.ElementType(port), shape);
    }

    /// <summary>Which cache each output of the binding is; -1 for the logits.</summary>
    private int[] Order(OrtIoBinding binding)
    {
        var byName = ports.Select((port, i) => (port.Present, i)).ToDictionary(pair => pair.Present, pair => pair.i, StringComparer.Ordinal);
        return [.. binding.GetOutputNames().Select(name => byName.GetValueOrDefault(name, -1))];
    }
}
