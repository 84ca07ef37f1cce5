using System.Text;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Walks the fields of one protobuf message without copying it. Every length is checked against what is left.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    public int Field { get; private set; }
    public WireKind Kind { get; private set; }

    /// <summary>Value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Content of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Where the field begins in the message.</summary>
    public int Start { get; private set; }

    /// <summary>Where the field ends in the message.</summary>
    public readonly int End => _at;

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public bool Next()
    {
        if (_at >= _message.Length) return false;
        Start = _at;
        var key = Varint();
        Field = (int)Math.Min(key >> 3, int.MaxValue);
        Kind = (WireKind)(key & 7);
        Bytes = default;
        Number = 0;
        switch (Kind)
        {
            case WireKind.Varint:
                Number = Varint();
                break;
            case WireKind.Fixed64:
                Number = BitConverter.ToUInt64(Take(8));
                break;
            case WireKind.Fixed32:
                Number = BitConverter.ToUInt32(Take(4));
                break;
            case WireKind.Bytes:
                var length = Varint();
                if (length > (ulong)(_message.Length - _at)) throw new OnnxFormatException("a field is longer than what holds it");
                Bytes = Take((int)length);
                break;
            default:
                throw new OnnxFormatException($"field {Field} is of a kind that no ONNX model has");
        }
        return true;
    }

    /// <summary>The numbers of a repeated field, packed or one at a time.</summary>
    public readonly void Numbers(List<long> into)
    {
        if (Kind == WireKind.Varint) into.Add((long)Number);
        if (Kind != WireKind.Bytes) return;
        var packed = new WireReader(Bytes);
        while (packed._at < Bytes.Length) into.Add((long)packed.Varint());
    }

    /// <summary>The first text of a field; none where there is none.</summary>
    public static string TextOf(ReadOnlySpan<byte> message, int field)
    {
        for (var reader = new WireReader(message); reader.Next();)
            if (reader.Field == field && reader.Kind == WireKind.Bytes) return reader.Text;
        return "";
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at) throw new OnnxFormatException("it ends in the middle of a field");
        _at += count;
        return _message.Slice(_at - count, count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _message.Length) throw new OnnxFormatException("it ends in the middle of a number");
            var next = _message[_at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
        throw new OnnxFormatException("a number is longer than ten bytes");
    }
}

internal enum WireKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Bytes that are no ONNX model; the message says how, the caller says which file.</summary>
internal sealed class OnnxFormatException(string message) : Exception(message);
