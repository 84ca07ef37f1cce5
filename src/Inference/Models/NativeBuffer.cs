using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Models;

/// <summary>Memory that ONNX Runtime reads and writes in place; it starts as zeros and does not move.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private void* _start;

    public NativeBuffer(long bytes)
    {
        Bytes = bytes;
        _start = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        NativeMemory.Clear(_start, (nuint)bytes);
        GC.AddMemoryPressure(Math.Max(bytes, 1));
    }

    public long Bytes { get; }

    public nint At(long offset) => (nint)((byte*)_start + offset);

    public Span<T> Span<T>(long offset, int count) where T : unmanaged =>
        offset < 0 || count < 0 || offset + (long)count * sizeof(T) > Bytes ? throw new ArgumentOutOfRangeException(nameof(count)) : new Span<T>((byte*)_start + offset, count);

    public void CopyTo(long offset, NativeBuffer other, long otherOffset, long bytes)
    {
        if (offset + bytes > Bytes || otherOffset + bytes > other.Bytes) throw new ArgumentOutOfRangeException(nameof(bytes));
        Buffer.MemoryCopy((byte*)_start + offset, (byte*)other._start + otherOffset, other.Bytes - otherOffset, bytes);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeBuffer() => Free();

    private void Free()
    {
        if (_start is null) return;
        NativeMemory.AlignedFree(_start);
        _start = null;
        GC.RemoveMemoryPressure(Math.Max(Bytes, 1));
    }
}
