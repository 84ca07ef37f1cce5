using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>One buffer a cache, bound as past and as present: nothing is copied from token to token. A slot's part is contiguous, so that one slot or several neighbours are a view of it.</summary>
internal sealed class SharedCache(IReadOnlyList<CachePort> ports, int slots, int context) : IKeyValueCache
{
    private const int Step = 256;

    private readonly NativeBuffer?[] _buffers = new NativeBuffer?[ports.Count];
    private readonly OrtValue?[] _views = new OrtValue?[ports.Count];
    private readonly int[] _held = new int[slots]; // most tokens that may be in a slot
    private int _capacity;
    private (int First, int Rows) _bound = (-1, 0);

    public bool Batches => true;
    public int Capacity => context;
    public bool CanCut => true;
    public bool CanCopy => true;

    public void Bind(OrtIoBinding binding, int first, int rows, int length, int longest, int goal)
    {
        if (goal > _capacity) Grow(goal);
        _held.AsSpan(first, rows).Fill(longest);
        if (_bound == (first, rows)) return;
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, slotBytes) = (ports[i], SlotBytes(ports[i]));
            var shape = (long[])port.Shape.Clone();
            (shape[port.BatchAxis], shape[port.LengthAxis]) = (rows, _capacity);
            _views[i]?.Dispose();
            var view = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, ElementType(port), shape, Buffer(i).At(first * slotBytes), rows * slotBytes);
            binding.BindInput(port.Past, view);
            binding.BindOutput(port.Present, view);
            _views[i] = view;
        }
        _bound = (first, rows);
    }

    public void Keep(OrtIoBinding binding, int first) { }

    public void Truncate(int slot, int length) => _held[slot] = Math.Min(_held[slot], length);

    public void Copy(int source, int target, int length)
    {
        for (var i = 0; i < ports.Count && _capacity > 0; i++)
        {
            var row = (long)ports[i].Shape[3] * ports[i].ElementSize;
            for (long head = 0; head < ports[i].Shape[1]; head++)
                Buffer(i).CopyTo(source * SlotBytes(ports[i]) + head * _capacity * row, Buffer(i), target * SlotBytes(ports[i]) + head * _capacity * row, length * row);
        }
        _held[target] = length;
    }

    public void Dispose()
    {
        foreach (var view in _views) view?.Dispose();
        foreach (var buffer in _buffers) buffer?.Dispose();
    }

    internal static TensorElementType ElementType(CachePort port) => port.Type switch
    {
        OnnxType.Float => TensorElementType.Float,
        OnnxType.BFloat16 => TensorElementType.BFloat16,
        _ => TensorElementType.Float16,
    };

    private long SlotBytes(CachePort port) => port.TokenBytes * _capacity;

    private NativeBuffer Buffer(int cache) => _buffers[cache] ?? throw new InvalidOperationException("A cache grows before it is used.");

    /// <summary>In steps, and by half at least, so that a long text moves its cache only a few times. All or nothing: no buffer is touched before there is room for each.</summary>
    private void Grow(int wanted)
    {
        var capacity = Math.Min(context, Math.Max((wanted + Step - 1) / Step * Step, _capacity + _capacity / 2));
        var grown = ports.Select(port => new NativeBuffer(checked(slots * port.TokenBytes * capacity))).ToArray();
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, row) = (ports[i], ports[i].Shape[3] * ports[i].ElementSize);
            if (_buffers[i] is { } old)
            {
                for (long head = 0; head < slots * port.Shape[1]; head++) old.CopyTo(head * _capacity * row, grown[i], head * capacity * row, _held[head / port.Shape[1]] * row);
                _views[i]?.Dispose();
                _views[i] = null;
                old.Dispose();
            }
            _buffers[i] = grown[i];
        }
        (_capacity, _bound) = (capacity, (-1, 0));
    }
}
