using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <param name="addSpecial">Whether to put the special tokens around the text.</param>
internal delegate List<TokenSpan> PostProcessor(List<TokenSpan> tokens, bool addSpecial);

/// <summary>The <c>post_processor</c> part of tokenizer.json, for a single text.</summary>
internal static class PostProcessors
{
    public static PostProcessor Read(JsonElement? part, Func<int, string?> tokenOf)
    {
        if (part is not { } json) return (tokens, _) => tokens;
        switch (json.Kind("post_processor"))
        {
            case "Sequence":
                var steps = json.Items("processors").Select(step => Read(step, tokenOf)).ToArray();
                return (tokens, addSpecial) => steps.Aggregate(tokens, (current, step) => step(current, addSpecial));
            case "TemplateProcessing": return Template(json);
            case "BertProcessing":
                var (cls, sep) = (Id(json, "cls"), Id(json, "sep"));
                return (tokens, addSpecial) => addSpecial ? [Special(cls), .. tokens, Special(sep)] : tokens;
            case "RobertaProcessing":
                var (begin, end) = (Id(json, "cls"), Id(json, "sep"));
                var (trim, addedSpace) = (json.Flag("trim_offsets", true), json.Flag("add_prefix_space", true));
                return (tokens, addSpecial) =>
                {
                    if (trim) tokens = Trim(tokens, tokenOf, addedSpace);
                    return addSpecial ? [Special(begin), .. tokens, Special(end)] : tokens;
                };
            case "ByteLevel":
                var prefixed = json.Flag("add_prefix_space", true);
                return json.Flag("trim_offsets", true) ? (tokens, _) => Trim(tokens, tokenOf, prefixed) : (tokens, _) => tokens;
            case var other: throw new TokenizerException($"tokenizer.json: the post_processor {other} is not known");
        }
    }

    private static TokenSpan Special(int id) => new(id, 0, 0, true);

    private static int Id(JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out var id)
            ? id
            : throw new TokenizerException($"tokenizer.json: the post_processor's {name} is no pair of token and id");

    private static PostProcessor Template(JsonElement json)
    {
        var parts = new List<TokenSpan[]?>(); // null where the text goes
        foreach (var piece in json.Items("single"))
        {
            if (piece.Member("Sequence") is not null) parts.Add(null);
            else if (piece.Member("SpecialToken") is { } special) parts.Add([.. Ids(json, special.Text("id") ?? "")]);
        }
        var times = parts.Count(part => part is null);
        if (times == 0) parts.Add(null);
        if (times > 4) throw new TokenizerException($"tokenizer.json: the post_processor repeats the text {times} times");
        return (tokens, addSpecial) => [.. parts.Where(part => addSpecial || part is null).SelectMany(part => part ?? (IEnumerable<TokenSpan>)tokens)];
    }

    private static IEnumerable<TokenSpan> Ids(JsonElement json, string name)
    {
        var special = json.Member("special_tokens")?.Member(name) ?? throw new TokenizerException($"tokenizer.json: the post_processor names '{name}', which is not among its special tokens");
        foreach (var id in special.Items("ids"))
            yield return id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var value) && value is >= 0 and < Vocabulary.MaxSize
                ? Special(value)
                : throw new TokenizerException($"tokenizer.json: the special token '{name}' has an id that is no whole number");
    }

    /// <summary>Takes the spaces that a byte-level token starts or ends with out of its range.</summary>
    private static List<TokenSpan> Trim(List<TokenSpan> tokens, Func<int, string?> tokenOf, bool addedSpace) => [.. tokens.Select((token, i) =>
    {
        var text = tokenOf(token.Id) ?? "";
        var space = ByteAlphabet.Character((byte)' ');
        var leading = text.TakeWhile(letter => letter == space || char.IsWhiteSpace(letter)).Count();
        var trailing = text.Reverse().TakeWhile(letter => letter == space || char.IsWhiteSpace(letter)).Count();
        if (leading > 0 && addedSpace && (i == 0 || token.Start == 0)) leading--;
        var start = Math.Min(token.Start + leading, token.End);
        return token with { Start = start, End = trailing > 0 && token.End >= trailing ? Math.Max(token.End - trailing, start) : token.End };
    })];
}
