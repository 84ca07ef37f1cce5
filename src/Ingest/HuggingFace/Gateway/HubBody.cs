using System.Buffers;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>A whole body in one rented array. Whoever gets it disposes of it.</summary>
internal sealed class HubBody(byte[] rented, int length) : IDisposable
{
    private byte[]? _rented = rented;

    public ReadOnlyMemory<byte> Bytes => _rented is null ? default : _rented.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } array) ArrayPool<byte>.Shared.Return(array);
    }
}

internal enum BodyFault
{
    None,
    Cut,
    TooSlow,
    TooLarge,
    Encoding,
}
