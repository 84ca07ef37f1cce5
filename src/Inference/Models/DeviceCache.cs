using Microsoft.ML.OnnxRuntime;

namespace ModelAtlas.Inference.Models;

/// <summary>As <see cref="SharedCache"/>, in the memory of a GPU. It is taken once and for all, since nothing here moves what is in it.</summary>
internal sealed class DeviceCache : IKeyValueCache
{
    /// <summary>Memory for all texts together: what remains of a usual card beside the weights.</summary>
    public const long MostBytes = 4L * 1024 * 1024 * 1024;

    private readonly IReadOnlyList<CachePort> _ports;
    private readonly OrtMemoryInfo _memory;
    private readonly OrtAllocator _allocator;
    private readonly List<OrtMemoryAllocation> _buffers = [];
    private readonly OrtValue?[] _views;
    private (int First, int Rows) _bound = (-1, 0);

    public DeviceCache(IReadOnlyList<CachePort> ports, int slots, int context, InferenceSession session, OrtMemoryInfo memory, long mostBytes = MostBytes)
    {
        (_ports, _memory, _views, _allocator) = (ports, memory, new OrtValue?[ports.Count], new(session, memory));
        Capacity = (int)Math.Clamp(mostBytes / (slots * ports.Sum(port => port.TokenBytes)), 1, context);
        try
        {
            foreach (var port in ports) _buffers.Add(_allocator.Allocate(checked((uint)(slots * port.TokenBytes * Capacity))));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Capacity { get; }
    public bool Batches => true;
    public bool CanCut => true;
    public bool CanCopy => false;

    public void Bind(OrtIoBinding binding, int first, int rows, int length, int longest, int goal)
    {
        if (_bound == (first, rows)) return;
        for (var i = 0; i < _ports.Count; i++)
        {
            var (port, slotBytes) = (_ports[i], _ports[i].TokenBytes * Capacity);
            var shape = (long[])port.Shape.Clone();
            (shape[port.BatchAxis], shape[port.LengthAxis]) = (rows, Capacity);
            _views[i]?.Dispose();
            var view = OrtValue.CreateTensorValueWithData(_memory, SharedCache.ElementType(port), shape, _buffers[i].DangerousGetHandle() + (nint)(first * slotBytes), rows * slotBytes);
            binding.BindInput(port.Past, view);
            binding.BindOutput(port.Present, view);
            _views[i] = view;
        }
        _bound = (first, rows);
    }

    public void Keep(OrtIoBinding binding, int first) { }

    public void Truncate(int slot, int length) { }

    public void Copy(int source, int target, int length) => throw new InvalidOperationException("The memory of a device is not copied: the text is read again.");

    public void Dispose()
    {
        foreach (var view in _views) view?.Dispose();
        foreach (var buffer in _buffers) buffer.Dispose();
        _allocator.Dispose();
    }
}
