using System.Buffers.Binary;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>Whether a file begins like what its name says. A pickle, a program or an archive under another name is not kept.</summary>
internal static class FileSniff
{
    public const int Length = 16;

    public static bool Fits(string path, ReadOnlySpan<byte> head)
    {
        switch (Path.GetExtension(path))
        {
            case ".safetensors":
                return head.Length >= 9 && BinaryPrimitives.ReadUInt64LittleEndian(head) is > 1 and < 1 << 30 && head[8] == '{';
            case ".gguf":
                return head.StartsWith("GGUF"u8);
            case ".json":
                return Text(head) is [(byte)'{' or (byte)'[', ..];
            case ".txt" or ".jinja":
                return head.IndexOf((byte)0) < 0;
            case ".onnx" or ".model":
                return head is [var tag, ..] && (tag & 7, tag >> 3) is (0, 1 or 5) or (2, >= 1 and <= 8); // the first field of a protobuf message
            default:
                return true; // numbers without a head
        }
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> head) => (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head).TrimStart(" \t\r\n"u8);
}
