using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

internal delegate IEnumerable<AlignedText> PreTokenizer(AlignedText text);

/// <summary>The <c>pre_tokenizer</c> part of tokenizer.json: cuts a text into the pieces that the model sees one by one.</summary>
internal static class PreTokenizers
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static PreTokenizer Read(JsonElement? part)
    {
        if (part is not { } json) return text => [text];
        switch (json.Kind("pre_tokenizer"))
        {
            case "Sequence":
                var steps = json.Items("pretokenizers").Select(step => Read(step)).ToArray();
                return text => steps.Aggregate<PreTokenizer, IEnumerable<AlignedText>>([text], (pieces, step) => pieces.SelectMany(piece => step(piece)));
            case "ByteLevel": return ByteLevel(json);
            case "Split":
                var pattern = TokenizerPattern.Read(json.Member("pattern") ?? throw new TokenizerException("tokenizer.json: a Split has no pattern"));
                var (behavior, invert) = (json.Text("behavior") ?? "Isolated", json.Flag("invert"));
                return text => Cut(text, Mark(text, pattern, invert), behavior);
            case "Metaspace": return Metaspace(json);
            case "Whitespace":
                var words = TokenizerPattern.Of($@"[{CharacterSets.Word}\u200C\u200D]+|[^{CharacterSets.Word}\u200C\u200D\s]+");
                return text => Cut(text, Mark(text, words, true), "Removed");
            case "WhitespaceSplit": return text => Cut(text, Mark(text, CodePoints.IsSpace), "Removed");
            case "BertPreTokenizer":
                return text => Cut(text, Mark(text, CodePoints.IsSpace), "Removed").SelectMany(word => Cut(word, Mark(word, CodePoints.IsPunctuation), "Isolated"));
            case "Punctuation":
                var how = json.Text("behavior") ?? "Isolated";
                return text => Cut(text, Mark(text, CodePoints.IsPunctuation), how);
            case "Digits":
                var digits = json.Flag("individual_digits") ? "Isolated" : "Contiguous";
                return text => Cut(text, Mark(text, CodePoints.IsNumeric), digits);
            case "CharDelimiterSplit":
                var delimiter = json.Text("delimiter") is { Length: > 0 } given ? AlignedText.From(given)[0] : throw new TokenizerException("tokenizer.json: a CharDelimiterSplit has no delimiter");
                return text => Cut(text, Mark(text, code => code == delimiter), "Removed");
            case "FixedLength":
                var each = Math.Max(1, json.Number("length", 5));
                return text => Enumerable.Range(0, (text.Length + each - 1) / each).Select(part => text.Slice(part * each, Math.Min(each, text.Length - part * each)));
            case var other: throw new TokenizerException($"tokenizer.json: the pre_tokenizer {other} is not known");
        }
    }

    private static PreTokenizer ByteLevel(JsonElement json)
    {
        var addSpace = json.Flag("add_prefix_space", true);
        var pattern = json.Flag("use_regex", true) ? TokenizerPattern.Of(Gpt2) : null;
        return text =>
        {
            if (addSpace && (text.Length == 0 || text[0] != ' ')) text = Normalizers.Prepend(text, " ");
            return (pattern is null ? [text] : Cut(text, Mark(text, pattern, false), "Isolated")).Select(ByteAlphabet.Encode);
        };
    }

    private static PreTokenizer Metaspace(JsonElement json)
    {
        var mark = json.Text("replacement") is { Length: > 0 } given ? given : "▁";
        var scheme = json.Text("prepend_scheme") ?? (json.Flag("add_prefix_space", true) ? "always" : "never");
        var split = json.Flag("split", true);
        var spaces = TokenizerPattern.Literal(" ");
        return text =>
        {
            text = Normalizers.Replace(text, spaces, mark);
            if (text.Length == 0) return [];
            if (text[0] != mark[0] && (scheme == "always" || (scheme == "first" && text.StartOf(0) == 0))) text = Normalizers.Prepend(text, mark);
            return split ? Cut(text, Mark(text, code => code == mark[0]), "MergedWithNext") : [text];
        };
    }

    /// <summary>The text as a run of ranges, each marked as delimiter or not.</summary>
    private static List<(int Start, int Length, bool Match)> Mark(AlignedText text, TokenizerPattern pattern, bool invert)
    {
        var ranges = new List<(int, int, bool)>();
        var at = 0;
        foreach (var (start, length) in pattern.Matches(text))
        {
            if (start > at) ranges.Add((at, start - at, invert));
            ranges.Add((start, length, !invert));
            at = start + length;
        }
        if (at < text.Length) ranges.Add((at, text.Length - at, invert));
        return ranges;
    }

    private static List<(int Start, int Length, bool Match)> Mark(AlignedText text, Func<int, bool> matches)
    {
        var ranges = new List<(int, int, bool)>();
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!matches(text[i])) continue;
            if (i > at) ranges.Add((at, i - at, false));
            ranges.Add((i, 1, true));
            at = i + 1;
        }
        if (at < text.Length) ranges.Add((at, text.Length - at, false));
        return ranges;
    }

    private static IEnumerable<AlignedText> Cut(AlignedText text, List<(int Start, int Length, bool Match)> ranges, string behavior)
    {
        var pieces = new List<(int Start, int Length)>();
        var former = false;
        switch (behavior)
        {
            case "Removed":
                pieces.AddRange(ranges.Where(range => !range.Match).Select(range => (range.Start, range.Length)));
                break;
            case "Isolated":
                pieces.AddRange(ranges.Select(range => (range.Start, range.Length)));
                break;
            case "Contiguous":
                foreach (var (start, length, match) in ranges)
                {
                    if (pieces.Count > 0 && match == former) pieces[^1] = (pieces[^1].Start, pieces[^1].Length + length);
                    else pieces.Add((start, length));
                    former = match;
                }
                break;
            case "MergedWithPrevious":
                foreach (var (start, length, match) in ranges)
                {
                    if (match && !former && pieces.Count > 0) pieces[^1] = (pieces[^1].Start, pieces[^1].Length + length);
                    else pieces.Add((start, length));
                    former = match;
                }
                break;
            case "MergedWithNext":
                for (var i = ranges.Count - 1; i >= 0; i--)
                {
                    var (start, length, match) = ranges[i];
                    if (match && !former && pieces.Count > 0) pieces[^1] = (start, pieces[^1].Length + length);
                    else pieces.Add((start, length));
                    former = match;
                }
                pieces.Reverse();
                break;
            default: throw new TokenizerException($"tokenizer.json: the split behaviour {behavior} is not known");
        }
        return pieces.Where(piece => piece.Length > 0).Select(piece => text.Slice(piece.Start, piece.Length));
    }
}
