using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Prompts;

/// <summary>Messages to prompt tokens. What a person wrote stays text: a control token spelled out in it does not become one.</summary>
public static class ChatPrompt
{
    private const char Open = '\uE0F0'; // private use, and gone from what people wrote before it means anything
    private const char Close = '\uE0F1';

    /// <param name="request">As <see cref="ChatTemplate.Render"/> takes it: <c>messages</c>, <c>tools</c>, <c>add_generation_prompt</c>.</param>
    public static IReadOnlyList<int> Encode(ChatTemplateFolder templates, ITokenizer tokenizer, JsonElement request, DateTimeOffset now)
    {
        var spelled = new List<string>();
        var guarded = Guard(JsonSerializer.SerializeToNode(request), tokenizer, spelled);
        var complete = templates.Complete(JsonSerializer.SerializeToElement(guarded));
        var hasTools = complete.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0;
        var text = templates.For(hasTools).Render(complete, now);
        var ids = new List<int>();
        foreach (var (part, isSpelled) in Parts(text, spelled))
            ids.AddRange(tokenizer.Encode(part, addSpecial: false, parseSpecial: !isSpelled).Select(token => token.Id));
        return ids;
    }

    private static JsonNode? Guard(JsonNode? request, ITokenizer tokenizer, List<string> spelled)
    {
        if (request?["messages"] is JsonArray messages) Walk(messages, tokenizer, spelled);
        return request;
    }

    /// <summary>Every text in the messages, at whatever depth; roles are the caller's, not a person's, and names of keys stay.</summary>
    private static void Walk(JsonNode node, ITokenizer tokenizer, List<string> spelled)
    {
        if (node is JsonArray list)
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is JsonValue value && value.TryGetValue<string>(out var text)) list[i] = Hide(text, tokenizer, spelled);
                else if (list[i] is { } inner) Walk(inner, tokenizer, spelled);
            }
        else if (node is JsonObject members)
            foreach (var (key, inner) in members.ToList())
            {
                if (inner is JsonValue value && value.TryGetValue<string>(out var text))
                {
                    if (key is not ("role" or "type")) members[key] = Hide(text, tokenizer, spelled);
                }
                else if (inner is not null) Walk(inner, tokenizer, spelled);
            }
    }

    /// <summary>Puts a mark where a control token is spelled out, and keeps the spelling.</summary>
    private static string Hide(string text, ITokenizer tokenizer, List<string> spelled)
    {
        text = text.Replace(Open, '?').Replace(Close, '?');
        var controls = tokenizer.Encode(text, addSpecial: false).Where(token => token.Special && token.End > token.Start).ToList();
        if (controls.Count == 0) return text;
        var (letters, hidden, at) = (text.EnumerateRunes().ToList(), new StringBuilder(), 0);
        foreach (var control in controls)
        {
            hidden.Append(Join(letters[at..control.Start])).Append(Open).Append(spelled.Count).Append(Close);
            spelled.Add(Join(letters[control.Start..control.End]));
            at = control.End;
        }
        return hidden.Append(Join(letters[at..])).ToString();
    }

    private static string Join(List<Rune> letters) => string.Concat(letters.Select(letter => letter.ToString()));

    private static IEnumerable<(string Part, bool Spelled)> Parts(string text, List<string> spelled)
    {
        var at = 0;
        for (var open = text.IndexOf(Open); open >= 0; open = text.IndexOf(Open, at))
        {
            var close = text.IndexOf(Close, open);
            if (close < 0 || !int.TryParse(text.AsSpan(open + 1, close - open - 1), out var index) || (uint)index >= (uint)spelled.Count) break;
            if (open > at) yield return (text[at..open], false);
            yield return (spelled[index], true);
            at = close + 1;
        }
        if (at < text.Length) yield return (text[at..], false);
    }
}
