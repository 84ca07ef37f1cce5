using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Models;

/// <summary>Memory that ONNX Runtime reads and writes in place; it does not move, starts as zeros, and takes no room before it is written.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nint Alignment = 64;

    private readonly byte* _start;
    private void* _block;

    public NativeBuffer(long bytes)
    {
        Bytes = bytes;
        _block = NativeMemory.AllocZeroed((nuint)checked(bytes + Alignment));
        _start = (byte*)(((nint)_block + Alignment - 1) & -Alignment);
    }

    public long Bytes { get; }

    public nint At(long offset) => (nint)(_start + offset);

    public Span<T> Span<T>(long offset, int count) where T : unmanaged =>
        offset < 0 || count < 0 || offset + (long)count * sizeof(T) > Bytes ? throw new ArgumentOutOfRangeException(nameof(count)) : new Span<T>(_start + offset, count);

    public void CopyTo(long offset, NativeBuffer other, long otherOffset, long bytes)
    {
        if (offset + bytes > Bytes || otherOffset + bytes > other.Bytes) throw new ArgumentOutOfRangeException(nameof(bytes));
        Buffer.MemoryCopy(_start + offset, other._start + otherOffset, other.Bytes - otherOffset, bytes);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeBuffer() => Free();

    private void Free()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
