using System.Runtime.CompilerServices;

namespace ModelAtlas.Inference.Kernels;

/// <summary>Memory that a thread uses again and again, grown as needed, in one place and at the start of a cache line. It goes with its thread.</summary>
internal sealed unsafe class ThreadRoom
{
    private const int Line = 64;
    private byte[] _bytes = [];

    /// <summary>So many bytes in an undefined state, until the next call.</summary>
    public byte* Take(long bytes)
    {
        if (_bytes.Length < bytes + Line) _bytes = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + Line)), pinned: true);
        return (byte*)((nint)Unsafe.AsPointer(ref _bytes[0]) + Line - 1 & -Line);
    }
}
