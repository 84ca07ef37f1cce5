using System.Text;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>The 256 printable characters that GPT-2's tokenizer writes bytes as: printable Latin-1 stands for itself, the rest starts at U+0100.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] _characters = Build();
    private static readonly Dictionary<char, byte> _bytes = _characters.Index().ToDictionary(pair => pair.Item, pair => (byte)pair.Index);

    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var i = 0; i < 256; i++) characters[i] = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)i : (char)next++;
        return characters;
    }

    public static char Character(byte value) => _characters[value];

    public static bool TryByte(char character, out byte value) => _bytes.TryGetValue(character, out value);

    public static AlignedText Encode(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length * 2);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            var rune = Rune.IsValid(text[i]) ? new Rune(text[i]) : Rune.ReplacementChar;
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)]) builder.Add(_characters[value], text.StartOf(i), text.EndOf(i));
        }
        return builder.Build();
    }
}
