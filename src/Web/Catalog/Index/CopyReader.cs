using System.Buffers.Binary;
using Npgsql;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Reads rows of <c>COPY … TO STDOUT (FORMAT binary)</c> field by field into memory of its own, without an object a row.</summary>
internal sealed class CopyReader(Stream stream) : IAsyncDisposable
{
    private const int HeaderLength = 19;
    private byte[] _buffer = new byte[1 << 16];
    private int _at, _end;
    private bool _started;

    public static async Task<CopyReader> StartAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken) =>
        new(await connection.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT binary)", cancellationToken));

    /// <summary>Makes sure the whole next row is in memory; false at the end. The fields are then read in their order, all of them.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => _started && HasRow() ? new(true) : FetchAsync(cancellationToken);

    private async ValueTask<bool> FetchAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            await FillAsync(HeaderLength, cancellationToken);
            _at += HeaderLength;
            _started = true;
        }
        while (!HasRow())
        {
            if (_end - _at >= 2 && BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_at)) < 0) return false;
            await FillAsync(_end - _at + 1, cancellationToken);
        }
        return true;
    }

    /// <summary>Steps to the first field if the whole row is there.</summary>
    private bool HasRow()
    {
        var here = _buffer.AsSpan(_at, _end - _at);
        if (here.Length < 2 || BinaryPrimitives.ReadInt16BigEndian(here) is var fields && fields < 0) return false;
        var length = 2;
        for (; fields > 0; fields--)
        {
            if (here.Length < length + 4) return false;
            length += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(here[length..]));
        }
        if (here.Length < length) return false;
        _at += 2;
        return true;
    }

    public int? Int() => Field() is { IsEmpty: false } field ? BinaryPrimitives.ReadInt32BigEndian(field) : null;

    public long? Long() => Field() is { IsEmpty: false } field ? BinaryPrimitives.ReadInt64BigEndian(field) : null;

    public int? Short() => Field() is { IsEmpty: false } field ? BinaryPrimitives.ReadInt16BigEndian(field) : null;

    public bool Bool() => Field() is { IsEmpty: false } field && field[0] != 0;

    /// <summary>UTF-8; good until the next row. A text that is null is empty.</summary>
    public ReadOnlyMemory<byte> Text()
    {
        var length = Field().Length;
        return _buffer.AsMemory(_at - length, length);
    }

    /// <summary>An array of integers without gaps.</summary>
    public void Ints(List<int> into)
    {
        const int Head = 20; // dimensions, flags, type, length, lower bound
        into.Clear();
        var field = Field();
        for (var at = Head; at + 8 <= field.Length; at += 8) into.Add(BinaryPrimitives.ReadInt32BigEndian(field[(at + 4)..]));
    }

    private ReadOnlySpan<byte> Field()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_at));
        var field = length < 0 ? default : _buffer.AsSpan(_at + 4, length);
        _at += 4 + Math.Max(0, length);
        return field;
    }

    private async ValueTask FillAsync(int length, CancellationToken cancellationToken)
    {
        var kept = _buffer.AsMemory(_at, _end - _at);
        var buffer = length > _buffer.Length ? new byte[Math.Max(length, 2 * _buffer.Length)] : _buffer;
        kept.CopyTo(buffer);
        (_buffer, _at, _end) = (buffer, 0, kept.Length);
        while (_end < length)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0) throw new EndOfStreamException("The database ended a copy in the middle of a row.");
            _end += read;
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
