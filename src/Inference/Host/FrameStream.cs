using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace ModelAtlas.Inference.Host;

/// <summary>Messages as frames: four bytes of length, then that much JSON. Nothing longer than a frame may be is read or written.</summary>
internal sealed class FrameStream(Stream input, Stream output) : IDisposable
{
    public const int MostBytes = 1024 * 1024;
    private const int Header = sizeof(int);

    private const int Together = 64 * 1024;

    private readonly BufferedStream _input = new(input, Together); // frames that came together cost one call
    private readonly byte[] _header = new byte[Header];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ArrayBufferWriter<byte> _written = new(4096);
    private byte[] _buffer = new byte[4096];

    /// <summary>Null at the end of the stream.</summary>
    /// <exception cref="FrameException">What came is no frame.</exception>
    public async ValueTask<HostMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await _input.ReadAtLeastAsync(_header, Header, throwOnEndOfStream: false, cancellationToken);
        if (read == 0) return null;
        var length = read == Header ? BinaryPrimitives.ReadInt32LittleEndian(_header) : throw new FrameException("a frame is cut short");
        if (length is <= 0 or > MostBytes) throw new FrameException($"a frame of {length} bytes");
        if (_buffer.Length < length) _buffer = new byte[Math.Min(MostBytes, Math.Max(length, _buffer.Length * 2))];
        if (await _input.ReadAtLeastAsync(_buffer.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken) < length) throw new FrameException("a frame is cut short");
        try
        {
            return JsonSerializer.Deserialize(_buffer.AsSpan(0, length), HostJson.Default.HostMessage) ?? throw new FrameException("an empty message");
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new FrameException("a message of no known kind");
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>From any thread.</summary>
    /// <exception cref="FrameException">The message is longer than a frame.</exception>
    public ValueTask WriteAsync(HostMessage message, CancellationToken cancellationToken) => WriteAsync([message], cancellationToken);

    /// <summary>Several messages at once.</summary>
    /// <inheritdoc cref="WriteAsync(HostMessage, CancellationToken)"/>
    public async ValueTask WriteAsync(IReadOnlyList<HostMessage> messages, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            foreach (var message in messages) Append(message);
            await output.WriteAsync(_written.WrittenMemory, CancellationToken.None); // half a frame would spoil all that follow
            await output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _written.ResetWrittenCount();
            _writing.Release();
        }
    }

    private void Append(HostMessage message)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, HostJson.Default.HostMessage);
        if (json.Length > MostBytes) throw new FrameException($"a message of {json.Length} bytes; at most {MostBytes} fit");
        BinaryPrimitives.WriteInt32LittleEndian(_written.GetSpan(Header), json.Length);
        _written.Advance(Header);
        _written.Write(json);
    }
}

/// <summary>The other side does not keep to the protocol.</summary>
internal sealed class FrameException(string message) : Exception(message);
