using System.Buffers.Binary;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>Passes on the bytes of the wire, counts them, stops at a limit and remembers the last eight.</summary>
internal sealed class WireStream(Stream inner, long limit) : Stream
{
    private readonly byte[] _tail = new byte[8];

    public long Count { get; private set; }

    public bool Overflowed => Count > limit;

    public (uint Crc, uint Size) Trailer() =>
        (BinaryPrimitives.ReadUInt32LittleEndian(_tail), BinaryPrimitives.ReadUInt32LittleEndian(_tail.AsSpan(4)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Overflowed) return 0;
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count += read;
        Remember(buffer.Span[..read]);
        return read;
    }

    private void Remember(ReadOnlySpan<byte> read)
    {
        if (read.Length >= 8)
        {
            read[^8..].CopyTo(_tail);
            return;
        }
        _tail.AsSpan(read.Length).CopyTo(_tail);
        read.CopyTo(_tail.AsSpan(8 - read.Length));
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
