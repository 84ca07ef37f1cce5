using System.Text;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>Makes a sentence of a pattern: <c>{a|b}</c> is one of them, <c>{name}</c> a value or a pattern of that name, <c>[…]</c> is left out where a value in it is missing.</summary>
internal static class Wording
{
    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["may"] = "{may I|can I|can I|am I allowed to|is it ok to|is it okay to|is it allowed to|is it legal to|could I|may we|can we|are we allowed to|can my company|may one|is it possible to|do I have the right to|would I be allowed to|can someone}",
        ["must"] = "{must I|do I have to|do I need to|do we have to|am I required to|must we|should I|have I got to|am I obliged to|would I have to}",
        ["does"] = "does",
        ["do"] = "do",
        ["a-model"] = "{a|the|this|my|some|any} {model|checkpoint|LLM|network|language model|model}",
        ["under"] = "{under|licensed under|released under|published under|covered by|with|that is under|that comes under|that has|whose licence is|that uses}",
        ["things"] = "{{a-model} {under} {L}|{a-model} {under} {L}|{L} {models|weights|material}|{models|weights|something|things|stuff|work} {under} {L}}",
    };

    public static string Make(string pattern, Random random, IReadOnlyDictionary<string, string?> values)
    {
        var at = 0;
        var made = Sequence(pattern, ref at, random, values, "");
        return string.Join(' ', made.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace(" ,", ",", StringComparison.Ordinal);
    }

    private static (string Text, bool Whole) Sequence(string pattern, ref int at, Random random, IReadOnlyDictionary<string, string?> values, string ends)
    {
        var (text, whole) = (new StringBuilder(), true);
        while (at < pattern.Length && !ends.Contains(pattern[at], StringComparison.Ordinal))
        {
            var letter = pattern[at++];
            if (letter is not ('{' or '['))
            {
                text.Append(letter);
                continue;
            }
            var part = letter == '{' ? Choice(pattern, ref at, random, values) : Sequence(pattern, ref at, random, values, "]");
            if (letter == '[')
            {
                at++;
                if (part.Whole) text.Append(part.Text);
                continue;
            }
            text.Append(part.Text);
            whole &= part.Whole;
        }
        return (text.ToString(), whole);
    }

    private static (string Text, bool Whole) Choice(string pattern, ref int at, Random random, IReadOnlyDictionary<string, string?> values)
    {
        var close = pattern.IndexOfAny(['{', '|', '}'], at);
        if (close > at && pattern[close] == '}')
        {
            var name = pattern[at..close];
            if (values.ContainsKey(name) || Patterns.ContainsKey(name))
            {
                at = close + 1;
                if (!values.TryGetValue(name, out var value)) return (Nested(Patterns[name], random, values), true);
                return (value ?? "", value is not null);
            }
        }
        List<int> starts = [];
        for (var depth = 0; ; at++)
        {
            if (starts.Count == 0) starts.Add(at);
            if (pattern[at] == '}' && depth-- == 0) break;
            if (pattern[at] == '{') depth++;
            else if (pattern[at] == '|' && depth == 0) starts.Add(at + 1);
        }
        var (chosen, end) = (starts[random.Next(starts.Count)], ++at);
        var made = Sequence(pattern[..(end - 1)], ref chosen, random, values, "|");
        return made;
    }

    private static string Nested(string pattern, Random random, IReadOnlyDictionary<string, string?> values)
    {
        var at = 0;
        return Sequence(pattern, ref at, random, values, "").Text;
    }
}
