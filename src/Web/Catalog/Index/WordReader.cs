using System.Buffers;
using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The words of a text as search knows them: runs of letters and digits, in small letters, as UTF-8.</summary>
internal ref struct WordReader(ReadOnlySpan<byte> text, Span<byte> word)
{
    /// <summary>Bytes of the longest word that is kept whole; what is over is cut off.</summary>
    public const int Longest = 60;

    private ReadOnlySpan<byte> _rest = text;
    private readonly Span<byte> _word = word;

    public ReadOnlySpan<byte> Current { get; private set; }

    public bool Next()
    {
        var length = 0;
        while (!_rest.IsEmpty)
        {
            var read = _rest[0] < 0x80 ? Ascii(out var rune) : Wide(out rune);
            _rest = _rest[read..];
            if (rune.Value == 0)
            {
                if (length == 0) continue;
                break;
            }
            if (length + rune.Utf8SequenceLength <= Longest) length += rune.EncodeToUtf8(_word[length..]);
        }
        Current = _word[..length];
        return length > 0;
    }

    private readonly int Ascii(out Rune rune)
    {
        var letter = _rest[0];
        rune = new Rune((char)(letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' ? letter : 0));
        return 1;
    }

    private readonly int Wide(out Rune rune)
    {
        if (Rune.DecodeFromUtf8(_rest, out rune, out var read) != OperationStatus.Done || !(Rune.IsLetterOrDigit(rune) || IsMark(rune))) rune = default;
        else rune = Rune.ToLowerInvariant(rune);
        return Math.Max(1, read);
    }

    /// <summary>Signs that belong to the letter before them.</summary>
    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
