using System.Buffers;
using System.Text;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Writes the fields of one protobuf message.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();

    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    public WireWriter Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public WireWriter Message(int field, WireWriter message) => Bytes(field, message.Written);

    public WireWriter Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)field << 3 | (ulong)WireKind.Bytes);
        Varint((ulong)bytes.Length);
        _written.Write(bytes);
        return this;
    }

    public WireWriter Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public WireWriter Real(int field, float value)
    {
        Varint((ulong)field << 3 | (ulong)WireKind.Fixed32);
        _written.Write(BitConverter.GetBytes(value));
        return this;
    }

    /// <summary>Fields as they stand in another message.</summary>
    public WireWriter Copy(ReadOnlySpan<byte> fields)
    {
        _written.Write(fields);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 128; value >>= 7) _written.Write([(byte)(value | 128)]);
        _written.Write([(byte)value]);
    }
}
