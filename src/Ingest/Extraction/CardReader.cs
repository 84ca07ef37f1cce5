using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>
/// Takes a card's Markdown apart into statements. One pass over the lines, no recursion, nothing rendered: a card of a megabyte costs a second and no more memory than itself.
/// </summary>
internal sealed partial class CardReader
{
    private const int MostStatements = 6_000;
    private const int MostProse = 400_000;
    private const int LongestBlock = 16_000;
    private const int LongestHeading = 300;

    private readonly List<CardStatement> _statements = [];
    private readonly List<(int Level, string Text, CardTopic? Topic)> _headings = [];
    private readonly Dictionary<string, string> _references;
    private readonly StringBuilder _block = new();
    private int _length;
    private char _fence;
    private bool _titled;

    private CardReader(Dictionary<string, string> references) => _references = references;

    public static CardProse Read(string body, bool complete)
    {
        body = WithoutComments(body);
        Dictionary<string, string> references = new(StringComparer.OrdinalIgnoreCase);
        foreach (var definition in Reference().EnumerateMatches(body))
        {
            if (references.Count >= 2_000) break;
            var text = body.AsSpan(definition.Index, definition.Length).Trim().ToString();
            var close = text.IndexOf("]:", StringComparison.Ordinal);
            references.TryAdd(text[1..close], text[(close + 2)..].Trim());
        }
        var reader = new CardReader(references);
        foreach (var line in body.AsSpan().EnumerateLines()) reader.Line(line);
        reader.EndBlock();
        return new(reader._statements, reader._length, complete && !reader.IsFull);
    }

    private bool IsFull => _statements.Count >= MostStatements || _length >= MostProse;

    private static string WithoutComments(string body)
    {
        var start = body.IndexOf("<!--", StringComparison.Ordinal);
        if (start < 0) return body;
        var text = new StringBuilder(body.Length);
        var at = 0;
        while (start >= 0)
        {
            text.Append(body, at, start - at).Append(' ');
            var end = body.IndexOf("-->", start, StringComparison.Ordinal);
            if (end < 0) return text.ToString(); // what is commented out to the end is not said
            at = end + 3;
            start = body.IndexOf("<!--", at, StringComparison.Ordinal);
        }
        return text.Append(body, at, body.Length - at).ToString();
    }

    private void Line(ReadOnlySpan<char> raw)
    {
        var line = raw.Trim();
        if (_fence != default)
        {
            if (line.Length >= 3 && line[0] == _fence && line[1] == _fence && line[2] == _fence) _fence = default;
            return;
        }
        if (line is ['`', '`', '`', ..] or ['~', '~', '~', ..])
        {
            EndBlock();
            if (line[3..].IndexOf("```", StringComparison.Ordinal) < 0) _fence = line[0];
            return;
        }
        if (line.IsEmpty)
        {
            EndBlock();
            return;
        }
        if (IsUnderline(line) && _block.Length is > 0 and < LongestHeading)
        {
            var title = _block.ToString();
            _block.Clear();
            Heading(line[0] == '=' ? 1 : 2, title);
            return;
        }
        if (line[0] == '#')
        {
            EndBlock();
            var level = line.IndexOfAnyExcept('#') is > 0 and var end ? end : line.Length;
            Heading(level, line[level..].Trim(" #").ToString());
            return;
        }
        if (HtmlHeading().IsMatch(line) || IsBoldHeading(line))
        {
            EndBlock();
            Heading(line[0] == '<' && char.IsAsciiDigit(line.Length > 2 ? line[2] : ' ') ? line[2] - '0' : 7, Plain(line.ToString(), []).Trim(' ', '*', ':'));
            return;
        }
        if (line[0] == '|' || IsListItem(line) || line.StartsWith("<tr", StringComparison.OrdinalIgnoreCase) || line.StartsWith("<li", StringComparison.OrdinalIgnoreCase)) EndBlock();
        if (_block.Length > 0) _block.Append(' ');
        var said = line.TrimStart('>').Trim();
        _block.Append(said[..Math.Min(said.Length, Math.Max(0, LongestBlock - _block.Length))]); // a paragraph that long is no prose
        if (line[0] == '|') EndBlock();
    }

    private void Heading(int level, string text)
    {
        var plain = Plain(text, []).Trim();
        if (plain.Length is 0 or > LongestHeading) return;
        while (_headings is [.., var last] && last.Level >= level) _headings.RemoveAt(_headings.Count - 1);
        _headings.Add((level, plain, _titled ? CardTopics.Under(_headings is [.., var outer] ? outer.Topic : null, plain) : null)); // the first heading is the card's title: "X, fine-tuned on Y"
        _titled = true;
    }

    private CardTopic Topic()
    {
        for (var at = _headings.Count - 1; at >= 0; at--)
        {
            if (_headings[at].Topic is { } topic) return topic;
        }
        return CardTopic.Other;
    }

    private void EndBlock()
    {
        if (_block.Length == 0) return;
        var markdown = _block.ToString();
        _block.Clear();
        if (IsFull) return;
        var topic = Topic();
        var section = string.Join(" / ", _headings.TakeLast(3).Select(heading => heading.Text));
        foreach (var sentence in Sentences(markdown))
        {
            List<CardLink> links = [];
            var text = Plain(sentence, links).Trim();
            if (text.Length == 0 && links.Count == 0) continue;
            _length += text.Length;
            _statements.Add(new(text, links, topic, section));
        }
    }

    /// <summary>Cuts after a full stop that ends a sentence; links are kept whole because no space follows the stops inside them.</summary>
    private static List<string> Sentences(string block)
    {
        List<string> sentences = [];
        var start = 0;
        foreach (var end in SentenceEnd().EnumerateMatches(block))
        {
            var stop = end.Index + end.Length;
            sentences.Add(block[start..stop]);
            start = stop;
        }
        if (start < block.Length) sentences.Add(block[start..]);
        return sentences;
    }

    private string Plain(string markdown, List<CardLink> links)
    {
        var text = Image().Replace(markdown, " ");
        text = InlineLink().Replace(text, link => Keep(link.Groups["text"].Value, link.Groups["url"].Value));
        text = HtmlLink().Replace(text, link => Keep(Tag().Replace(link.Groups["text"].Value, ""), link.Groups["url"].Value));
        text = ReferenceLink().Replace(text, link =>
            _references.TryGetValue(link.Groups["ref"].Value is { Length: > 0 } named ? named : link.Groups["text"].Value, out var url) ? Keep(link.Groups["text"].Value, url) : link.Value);
        foreach (var bare in BareLink().EnumerateMatches(text)) links.Add(new("", text.AsSpan(bare.Index, bare.Length).TrimEnd(".,;:)*`\"'").ToString()));
        text = Tag().Replace(text, " ");
        return Marks().Replace(text, "").Replace("&nbsp;", " ", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

        string Keep(string label, string url)
        {
            if (links.Count < 200) links.Add(new(Marks().Replace(label, "").Trim(), url));
            return label;
        }
    }

    private static bool IsUnderline(ReadOnlySpan<char> line) => line.Length >= 3 && (line.IndexOfAnyExcept('=') < 0 || line.IndexOfAnyExcept('-') < 0);

    private static bool IsListItem(ReadOnlySpan<char> line) =>
        line is ['-' or '*' or '+' or '•', ' ' or '\t', ..] || (line.IndexOfAny('.', ')') is > 0 and < 4 and var dot && line[..dot].IndexOfAnyExceptInRange('0', '9') < 0);

    /// <summary>A line that is bold from end to end stands where a heading should.</summary>
    private static bool IsBoldHeading(ReadOnlySpan<char> line) =>
        line.Length is > 4 and < 80 && line.StartsWith("**", StringComparison.Ordinal) && line.TrimEnd(':').EndsWith("**", StringComparison.Ordinal) && line[2..^3].IndexOf("**", StringComparison.Ordinal) < 0;

    [GeneratedRegex(@"(?m)^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S{1,600}", RegexOptions.None, 2000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^<h[1-6][^>]{0,300}>", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HtmlHeading();

    [GeneratedRegex(@"(?<!\b(?i:e\.g|i\.e|al|vs|approx|resp|cf|etc|fig|no|dr|mr|st|inc|ltd|co|v)\.)(?<=[.!?])[*_""')\]]{0,3}\s+(?=[\p{Lu}\[*_`""(>])|(?<=[。！？])", RegexOptions.None, 2000)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"!\[[^\]]{0,300}\]\([^)]{0,1000}\)|<img[^>]{0,2000}>", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Image();

    [GeneratedRegex(@"\[(?<text>[^\[\]]{1,400})\]\(\s*<?(?<url>[^()\s<>]{1,800}(?:\([^()\s]{0,100}\)[^()\s<>]{0,400})?)>?(?:\s+[""'][^""')]{0,200}[""'])?\s*\)", RegexOptions.None, 2000)]
    private static partial Regex InlineLink();

    [GeneratedRegex(@"<a\s[^>]{0,300}?href\s*=\s*[""']?(?<url>[^""'\s>]{1,800})[""']?[^>]{0,300}>(?<text>[\s\S]{0,400}?)</a>", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex HtmlLink();

    [GeneratedRegex(@"\[(?<text>[^\[\]]{1,200})\](?:\[(?<ref>[^\[\]]{0,200})\])?", RegexOptions.None, 2000)]
    private static partial Regex ReferenceLink();

    [GeneratedRegex(@"https?://[^\s<>""')\]|]{4,600}", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex BareLink();

    [GeneratedRegex(@"</?[a-zA-Z][^<>]{0,1000}>", RegexOptions.None, 2000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`{1,3}", RegexOptions.None, 2000)]
    private static partial Regex Marks();
}
