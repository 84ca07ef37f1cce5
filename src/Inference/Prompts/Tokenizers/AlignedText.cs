using System.Text;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>A text on its way through normalisers and pre-tokenisers: its code points, and for each the range of the input's code points that it came from.</summary>
internal sealed class AlignedText(int[] codes, int[] starts, int[] ends)
{
    private string? _masked;

    public int Length => codes.Length;

    public int this[int index] => codes[index];

    public ReadOnlySpan<int> Codes => codes;

    public int StartOf(int index) => starts[index];

    public int EndOf(int index) => ends[index];

    public static AlignedText From(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) codes.Add(rune.Value);
        return new([.. codes], [.. Enumerable.Range(0, codes.Count)], [.. Enumerable.Range(1, codes.Count)]);
    }

    public AlignedText Slice(int start, int length) => start == 0 && length == Length
        ? this
        : new(codes.AsSpan(start, length).ToArray(), starts.AsSpan(start, length).ToArray(), ends.AsSpan(start, length).ToArray());

    public override string ToString() => ToString(0, Length);

    public string ToString(int start, int length)
    {
        var text = new StringBuilder(length);
        foreach (var code in codes.AsSpan(start, length))
        {
            if (code < 0x10000) text.Append((char)code);
            else text.Append(char.ConvertFromUtf32(code));
        }
        return text.ToString();
    }

    /// <summary>One UTF-16 unit for each code point, so that a .NET regex sees whole characters: what lies above U+FFFF is replaced by a character of the same category below it.</summary>
    public string Masked => _masked ??= string.Create(Length, codes, static (text, codes) =>
    {
        for (var i = 0; i < codes.Length; i++) text[i] = codes[i] < 0x10000 ? (char)codes[i] : CodePoints.StandIn(codes[i]);
    });
}

/// <summary>Builds the next <see cref="AlignedText"/> out of a former one.</summary>
internal sealed class AlignedBuilder(int capacity)
{
    private readonly List<int> _codes = new(capacity);
    private readonly List<int> _starts = new(capacity);
    private readonly List<int> _ends = new(capacity);

    public void Keep(AlignedText source, int index) => Add(source[index], source.StartOf(index), source.EndOf(index));

    public void Add(int code, int start, int end)
    {
        _codes.Add(code);
        _starts.Add(start);
        _ends.Add(end);
    }

    /// <summary>Puts <paramref name="text"/> in place of the code points from <paramref name="from"/> to before <paramref name="to"/>; each of its characters stands for the one it replaces, surplus ones for the last.</summary>
    public void Replace(AlignedText source, int from, int to, string text)
    {
        var at = from;
        foreach (var rune in text.EnumerateRunes())
        {
            var index = Math.Min(at++, to - 1);
            Add(rune.Value, source.StartOf(index), source.EndOf(index));
        }
    }

    public AlignedText Build() => new([.. _codes], [.. _starts], [.. _ends]);
}
