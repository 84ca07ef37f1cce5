using Microsoft.Win32.SafeHandles;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>The place of one part in the file of weights: written in order, or by several threads each at its own place.</summary>
internal sealed class PartOutput(SafeFileHandle file, long start)
{
    private long _written;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        WriteAt(_written, bytes);
        _written += bytes.Length;
    }

    public void WriteAt(long place, ReadOnlySpan<byte> bytes) => RandomAccess.Write(file, bytes, start + place);

    /// <summary>What comes next is written behind so many bytes that are there by now.</summary>
    public void Skip(long bytes) => _written += bytes;
}
