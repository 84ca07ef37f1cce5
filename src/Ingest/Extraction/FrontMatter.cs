using System.Text;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>
/// The block between two lines of dashes at the top of a card. Reads the part of YAML that cards use for facts: a top-level key with a scalar, a block of text or a list of scalars.
/// Nested maps are passed over, aliases are never followed, and nothing recurses, so a hostile block costs one pass over its characters.
/// </summary>
internal sealed class FrontMatter
{
    private const int MostKeys = 500;
    private const int MostValues = 1_000;
    private const int LongestValue = 64 * 1024;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _issues = [];

    private FrontMatter(string body) => Body = body;

    /// <summary>The card after the block, or all of it when there is no block.</summary>
    public string Body { get; }

    public bool IsPresent { get; private init; }

    public IReadOnlyList<string> Issues => _issues;

    /// <summary>Every value under a key, in order; of a key that stands twice the values of both.</summary>
    public IReadOnlyList<string> All(string key) => _values.TryGetValue(key, out var values) ? values : [];

    public string? First(string key) => All(key) is [var first, ..] ? first : null;

    public static FrontMatter Split(string card)
    {
        var start = 0;
        while (start < card.Length && (card[start] is '\uFEFF' || char.IsWhiteSpace(card[start]))) start++;
        if (!NextLine(card, ref start).TrimEnd().SequenceEqual("---")) return new(card);
        List<string> lines = [];
        while (start < card.Length)
        {
            var line = NextLine(card, ref start);
            if (line.TrimEnd().SequenceEqual("---"))
            {
                var block = new FrontMatter(card[start..]) { IsPresent = true };
                block.Read(lines);
                return block;
            }
            lines.Add(line.ToString());
        }
        return new(card) { _issues = { "The front matter is not closed and was not read." } };
    }

    private void Read(List<string> lines)
    {
        for (var at = 0; at < lines.Count;)
        {
            if (Key(lines[at]) is not { } key)
            {
                at++;
                continue;
            }
            var inline = lines[at][(lines[at].IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            var end = at + 1;
            while (end < lines.Count && Key(lines[end]) is null) end++;
            Keep(key, Values(key, inline, lines, at + 1, end));
            at = end;
        }
    }

    private void Keep(string key, List<string> values)
    {
        if (_values.TryGetValue(key, out var known))
        {
            if (!known.SequenceEqual(values, StringComparer.Ordinal)) _issues.Add($"The front matter says {key} twice, and not the same.");
            known.AddRange(values.Except(known, StringComparer.Ordinal));
        }
        else if (_values.Count < MostKeys) _values[key] = values;
    }

    private List<string> Values(string key, string inline, List<string> lines, int from, int to)
    {
        if (inline is ['|' or '>', ..]) return [Block(inline[0] == '|', lines, from, to)];
        if (inline is ['[', ..]) return Flow(inline, lines, from, to);
        if (inline is ['*', ..] or ['{', ..])
        {
            _issues.Add($"The value of {key} in the front matter is not a plain value and was not read.");
            return [];
        }
        var first = Scalar(inline);
        List<string> items = [];
        var text = new StringBuilder(first);
        for (var at = from; at < to && items.Count < MostValues; at++)
        {
            var line = lines[at].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line is "-" or ['-', ' ' or '\t', ..])
            {
                if (Scalar(line[1..].Trim()) is { } item) items.Add(item);
            }
            else if (items.Count == 0 && char.IsWhiteSpace(lines[at][0]) && Key(line) is null && first is not null && text.Length < LongestValue) text.Append(' ').Append(line);
        }
        return items.Count > 0 ? items : text.Length > 0 ? [Cut(text.ToString())] : [];
    }

    private static string Block(bool keepsLines, List<string> lines, int from, int to)
    {
        var text = new StringBuilder();
        for (var at = from; at < to && text.Length < LongestValue; at++)
        {
            if (text.Length > 0) text.Append(keepsLines ? '\n' : ' ');
            text.Append(lines[at].Trim());
        }
        return Cut(text.ToString().Trim());
    }

    private static List<string> Flow(string inline, List<string> lines, int from, int to)
    {
        var text = new StringBuilder(inline);
        for (var at = from; at < to && text.Length < LongestValue && !text.ToString(text.Length - 1, 1).Contains(']', StringComparison.Ordinal); at++) text.Append(' ').Append(lines[at].Trim());
        var inside = Cut(text.ToString()).TrimStart('[');
        var close = inside.LastIndexOf(']');
        return [.. (close < 0 ? inside : inside[..close]).Split(',', MostValues).Select(item => Scalar(item.Trim())).OfType<string>()];
    }

    /// <summary>A plain or quoted value without its comment; null for YAML's ways to write nothing, and for a nested map.</summary>
    private static string? Scalar(string text)
    {
        if (text is ['&' or '!', ..]) text = text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? text[(space + 1)..].TrimStart() : "";
        if (text is ['"' or '\'', ..])
        {
            var close = text.IndexOf(text[0], 1);
            return Cut(close > 0 ? text[1..close] : text[1..]);
        }
        if (text is ['*' or '{' or '#', ..]) return null;
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        if (comment >= 0) text = text[..comment].TrimEnd();
        return text is "" or "~" or "null" or "Null" or "NULL" ? null : Key(text) is not null ? null : Cut(text);
    }

    /// <summary>The key that a line begins with: at its very start, and followed by a colon and a space or the end.</summary>
    private static string? Key(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 1 or > 64 || (colon + 1 < line.Length && !char.IsWhiteSpace(line[colon + 1]))) return null;
        var key = line.AsSpan(0, colon).TrimEnd();
        if (key is ['"', .., '"'] or ['\'', .., '\'']) key = key[1..^1];
        foreach (var letter in key)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.')) return null;
        }
        return key is [] || char.IsAsciiDigit(key[0]) || key[0] == '-' ? null : key.ToString();
    }

    private static ReadOnlySpan<char> NextLine(string text, ref int start)
    {
        var rest = text.AsSpan(start);
        var end = rest.IndexOfAny('\r', '\n');
        if (end < 0)
        {
            start = text.Length;
            return rest;
        }
        start += end + (rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1);
        return rest[..end];
    }

    private static string Cut(string value) => value.Length > LongestValue ? value[..LongestValue] : value;
}
