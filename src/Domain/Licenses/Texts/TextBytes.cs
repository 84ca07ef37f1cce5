using System.Text;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>The characters of a file that should hold a text.</summary>
internal static class TextBytes
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8, UTF-16 with its mark, else Latin-1, which any bytes are. What is no text shows by its zero bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, .. var little] => Encoding.Unicode.GetString(little),
        [0xFE, 0xFF, .. var big] => Encoding.BigEndianUnicode.GetString(big),
        _ => Utf8(bytes) ?? Encoding.Latin1.GetString(bytes),
    };

    private static string? Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
