using System.Buffers.Binary;
using System.Text;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>Reads the head of a GGUF file value by value, and never past its end.</summary>
internal sealed class GgufReader(WeightFile file)
{
    private const int LongestText = 4 * 1024 * 1024;
    private const long MostListed = 16_000_000;

    private readonly byte[] _buffer = new byte[1 << 16];
    private long _bufferStart;
    private int _buffered;
    private long _listed;

    public long Position { get; private set; }

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Text that is not UTF-8 keeps each strange byte as a replacement character.</summary>
    public string Text(int longest = LongestText)
    {
        var length = U64();
        if (length > (ulong)longest) throw new GgufFormatException($"has a text of {length:N0} bytes");
        if (length == 0) return "";
        if (length <= (ulong)_buffer.Length) return Encoding.UTF8.GetString(Take((int)length));
        if (length > (ulong)(file.Length - Position)) throw new GgufFormatException("ends in the middle of its description");
        var bytes = new byte[length];
        file.Read(Position, bytes);
        Position += bytes.Length;
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>bool, long, double, string, or an array of one of them.</summary>
    public object Value(uint type) => type switch
    {
        0 => (long)Take(1)[0],
        1 => (long)(sbyte)Take(1)[0],
        2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
        3 => (long)BinaryPrimitives.ReadInt16LittleEndian(Take(2)),
        4 => (long)U32(),
        5 => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        6 => (double)BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
        7 => Take(1)[0] != 0,
        8 => Text(),
        9 => List(),
        10 => U64() is <= long.MaxValue and var number ? (long)number : throw new GgufFormatException("has a number beyond all measure"),
        11 => BinaryPrimitives.ReadInt64LittleEndian(Take(8)),
        12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        _ => throw new GgufFormatException($"has a value of type {type}, which no GGUF file has"),
    };

    private object List()
    {
        var (type, count) = (U32(), U64());
        var smallest = type switch { 0 or 1 or 7 => 1UL, 2 or 3 => 2UL, 8 or 10 or 11 or 12 => 8UL, 4 or 5 or 6 => 4UL, _ => throw new GgufFormatException($"has a list of type {type}, which this engine does not read") };
        if (count > (ulong)(file.Length - Position) / smallest) throw new GgufFormatException("has a list longer than the file");
        if ((_listed += (long)count) > MostListed) throw new GgufFormatException($"lists more than {MostListed:N0} values");
        return type switch
        {
            6 or 12 => Fill(count, () => (double)Value(type)),
            7 => Fill(count, () => (bool)Value(type)),
            8 => Fill(count, () => Text()),
            _ => Fill(count, () => (long)Value(type)),
        };
    }

    private static T[] Fill<T>(ulong count, Func<T> next)
    {
        var values = new T[count];
        for (var i = 0; i < values.Length; i++) values[i] = next();
        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Position < _bufferStart || Position + count > _bufferStart + _buffered)
        {
            if (count > file.Length - Position) throw new GgufFormatException("ends in the middle of its description");
            (_bufferStart, _buffered) = (Position, (int)Math.Min(_buffer.Length, file.Length - Position));
            file.Read(_bufferStart, _buffer.AsSpan(0, _buffered));
        }
        var taken = _buffer.AsSpan((int)(Position - _bufferStart), count);
        Position += count;
        return taken;
    }
}

/// <summary>Why bytes are no GGUF file: the end of a sentence that begins with the file.</summary>
internal sealed class GgufFormatException(string why) : Exception(why);
