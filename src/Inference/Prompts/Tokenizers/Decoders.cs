using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

internal delegate List<string> TokenDecoder(List<string> tokens);

/// <summary>The <c>decoder</c> part of tokenizer.json: tokens back to text. A chain of steps over the list of token texts, joined at the end.</summary>
internal static class Decoders
{
    private static readonly (string Apart, string Together)[] _cleanUp =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    public static TokenDecoder? Read(JsonElement? part)
    {
        if (part is not { } json) return null;
        switch (json.Kind("decoder"))
        {
            case "Sequence":
                var steps = json.Items("decoders").Select(step => Read(step)).OfType<TokenDecoder>().ToArray();
                return tokens => steps.Aggregate(tokens, (current, step) => step(current));
            case "ByteLevel": return tokens => [FromByteAlphabet(tokens)];
            case "Metaspace":
                var mark = json.Text("replacement") is { Length: > 0 } given ? given[0] : '▁';
                var prepends = (json.Text("prepend_scheme") ?? (json.Flag("add_prefix_space", true) ? "always" : "never")) != "never";
                return tokens => [.. tokens.Select((token, i) => i == 0 && prepends ? token.Replace(mark.ToString(), "", StringComparison.Ordinal) : token.Replace(mark, ' '))];
            case "WordPiece":
                var (prefix, cleanUp) = (json.Text("prefix") ?? "##", json.Flag("cleanup", true));
                return tokens => [.. tokens.Select((token, i) =>
                {
                    if (i > 0) token = prefix.Length > 0 && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
                    return cleanUp ? CleanUp(token) : token;
                })];
            case "BPEDecoder":
                var suffix = json.Text("suffix") ?? "</w>";
                return tokens => [.. tokens.Select((token, i) => suffix.Length == 0 ? token : token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
            case "Replace":
                var pattern = TokenizerPattern.Read(json.Member("pattern") ?? throw new TokenizerException("tokenizer.json: a Replace has no pattern"));
                var content = json.Text("content") ?? "";
                return tokens => [.. tokens.Select(token => Normalizers.Replace(AlignedText.From(token), pattern, content).ToString())];
            case "ByteFallback": return FromByteTokens;
            case "Fuse": return tokens => [string.Concat(tokens)];
            case "CTC":
                var (pad, delimiter, cleans) = (json.Text("pad_token") ?? "<pad>", json.Text("word_delimiter_token") ?? "|", json.Flag("cleanup", true));
                return tokens => [.. tokens.Where((token, i) => i == 0 || token != tokens[i - 1]).Select(token => token.Replace(pad, "", StringComparison.Ordinal))
                    .Select(token => cleans ? CleanUp(token).Replace(delimiter, " ", StringComparison.Ordinal) : token).Where(token => token.Length > 0)];
            case "Strip":
                var (letter, start, stop) = (json.Text("content") is { Length: > 0 } what ? what[0] : ' ', json.Number("start", 0), json.Number("stop", 0));
                return tokens => [.. tokens.Select(token => Strip(token, letter, start, stop))];
            case var other: throw new TokenizerException($"tokenizer.json: the decoder {other} is not known");
        }
    }

    private static string CleanUp(string token) => _cleanUp.Aggregate(token, (text, pair) => text.Replace(pair.Apart, pair.Together, StringComparison.Ordinal));

    private static string FromByteAlphabet(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            var before = bytes.Count;
            foreach (var letter in token)
            {
                if (ByteAlphabet.TryByte(letter, out var value))
                {
                    bytes.Add(value);
                    continue;
                }
                bytes.RemoveRange(before, bytes.Count - before);
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                break;
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Runs of <c>&lt;0xNN&gt;</c> become the text they spell, or one replacement character a byte where they spell none.</summary>
    private static List<string> FromByteTokens(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        var pending = new List<byte>();
        foreach (var token in tokens)
        {
            if (IsByte(token, out var value))
            {
                pending.Add(value);
                continue;
            }
            Flush();
            result.Add(token);
        }
        Flush();
        return result;

        void Flush()
        {
            if (pending.Count == 0) return;
            var bytes = pending.ToArray();
            if (System.Text.Unicode.Utf8.IsValid(bytes)) result.Add(Encoding.UTF8.GetString(bytes));
            else for (var i = 0; i < bytes.Length; i++) result.Add("\uFFFD");
            pending.Clear();
        }
    }

    public static bool IsByte(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out value);
    }

    private static string Strip(string token, char letter, int start, int stop)
    {
        var (from, to) = (0, token.Length);
        while (from < token.Length && from < start && token[from] == letter) from++;
        while (to > from && token.Length - to < stop && token[to - 1] == letter) to--;
        return token[from..to];
    }
}
