using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>SentencePiece's compiled replacement table: a double-array trie over UTF-8, and the replacements as zero-ended strings.</summary>
internal sealed class PrecompiledNormalizer
{
    private readonly uint[] _trie;
    private readonly byte[] _replacements;

    public PrecompiledNormalizer(string base64)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw new TokenizerException("tokenizer.json: precompiled_charsmap is not base64");
        }
        var size = bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (bytes.Length > 0 && (size == 0 || size % 4 != 0 || size > bytes.Length - 4)) throw new TokenizerException("tokenizer.json: precompiled_charsmap is cut short");
        _trie = new uint[size / 4];
        for (var i = 0; i < _trie.Length; i++) _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 + (i * 4)));
        _replacements = bytes.Length < 4 ? [] : bytes[(4 + (int)size)..];
    }

    /// <summary>As the original does: a whole grapheme is looked up when it is shorter than six bytes, else each code point by itself.</summary>
    public AlignedText Apply(AlignedText text)
    {
        if (_trie.Length == 0) return text;
        var whole = text.ToString();
        var builder = new AlignedBuilder(text.Length);
        var at = 0;
        for (var offset = 0; offset < whole.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(whole, offset);
            var grapheme = whole.AsSpan(offset, length);
            var codes = 0;
            foreach (var _ in grapheme.EnumerateRunes()) codes++;
            if (Encoding.UTF8.GetByteCount(grapheme) < 6 && Find(grapheme) is { } replaced) builder.Replace(text, at, at + codes, replaced);
            else
                for (var i = at; i < at + codes; i++)
                {
                    if (Find(text.ToString(i, 1)) is { } single) builder.Replace(text, i, i + 1, single);
                    else builder.Keep(text, i);
                }
            at += codes;
            offset += length;
        }
        return builder.Build();
    }

    /// <summary>The replacement of the shortest prefix that has one, as the original takes it.</summary>
    private string? Find(ReadOnlySpan<char> text)
    {
        Span<byte> key = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        key = key[..Encoding.UTF8.GetBytes(text, key)];
        var node = Offset(_trie[0]);
        foreach (var letter in key)
        {
            if (letter == 0) return null;
            node ^= letter;
            if (node >= _trie.Length) return null;
            var unit = _trie[node];
            if ((unit & 0x800000FF) != letter) return null;
            node ^= Offset(unit);
            if (node >= _trie.Length) return null;
            if ((unit >> 8 & 1) == 1) return Replacement((int)(_trie[node] & 0x7FFFFFFF));
        }
        return null;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);

    private string? Replacement(int at)
    {
        if (at < 0 || at >= _replacements.Length) return null;
        var end = Array.IndexOf(_replacements, (byte)0, at);
        return Encoding.UTF8.GetString(_replacements.AsSpan(at, (end < 0 ? _replacements.Length : end) - at));
    }
}
