using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Jinja;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Tests.Prompts;

/// <summary>Small tokenizers and templates against what the original implementations made of them (tools/reference-variations).</summary>
public sealed class VariationTests
{
    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tokenizers that are refused here by name.</summary>
    private static readonly string[] _refused = ["pre_tokenizer UnicodeScripts"];

    /// <summary>What no model has and the original answers by chance: the range of a mark that moved behind another, of a character that was dropped; a second template that takes the first one's tokens for a second text.</summary>
    private static readonly string[] _byChance =
        ["no unk", "normalizer NFC", "normalizer NFKC", "normalizer NFD", "normalizer NFKD", "normalizer Replace quotes", "post_processor Sequence of templates"];

    /// <summary>Templates that print what only Python has, need whole numbers beyond 64 bits, or draw by lot.</summary>
    private static readonly string[] _pythonOnly =
        ["n.real", "9223372036854775807 + 1", "2 ** 64", "big * big", "encode()", "translate(", "d.keys() }}", "d.values() }}", "ed.items() }}", "d.keys()[0]", "pprint", "random", "range(3) | tojson", "d.items() | tojson", "d.keys() | tojson",
            "urlize", "\"ǆ\".title()", "{{ range(0) }}", "{{ range(3) }}", "lipsum", "self", "{{ namespace() }}", "m.name", "autoescape", "{{ loop }}{% endfor %}"];

    [Fact]
    public void Every_part_of_a_tokenizer_gives_the_ids_texts_and_ranges_of_the_original()
    {
        using var packed = new GZipStream(File.OpenRead(Data("tokenizers.jsonl.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(packed);
        var head = Parse(lines.ReadLine());
        var corpus = head["corpus"]?.AsArray().Select(text => text?.GetValue<string>() ?? "").ToList() ?? [];
        var (wrong, count) = (new List<string>(), 0);
        while (lines.ReadLine() is { Length: > 0 } line)
        {
            var variation = Parse(line);
            var name = variation["name"]?.GetValue<string>() ?? "";
            var file = Parse(head["bases"]?[variation["base"]?.GetValue<string>() ?? ""]?.ToJsonString());
            foreach (var (part, value) in variation["patch"]?.AsObject() ?? []) file[part] = value?.DeepClone();
            count++;
            try
            {
                var tokenizer = HubTokenizer.Parse(JsonSerializer.SerializeToUtf8Bytes(file), name);
                if (Holds(_refused, name)) wrong.Add($"{name} is not refused any more");
                foreach (var result in variation["results"]?.AsArray() ?? []) wrong.AddRange(Differences(tokenizer, corpus, Parse(result?.ToJsonString()), withRanges: !Holds(_byChance, name)).Select(what => $"{name}: {what}"));
            }
            catch (TokenizerException refused)
            {
                if (!Holds(_refused, name)) wrong.Add($"{name}: {refused.Message}");
            }
        }
        Assert.InRange(count, 500, int.MaxValue);
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(30))}");
    }

    [Fact]
    public void Every_part_of_a_template_renders_as_the_reference_renders_it_and_fails_where_it_fails()
    {
        var (variables, wrong, count) = (default(JsonElement), new List<string>(), 0);
        foreach (var line in File.ReadLines(Data("templates.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement.Clone();
            if (entry.TryGetProperty("vars", out var given))
            {
                variables = given;
                continue;
            }
            count++;
            var template = entry.GetProperty("t").GetString() ?? "";
            if (Holds(_pythonOnly, template)) continue;
            var want = entry.TryGetProperty("ok", out var ok) ? ok.GetString() : null;
            var (got, error) = Render(template, variables);
            if (got != want) wrong.Add($"{Show(template)} gives {Show(got ?? error)}, not {Show(want ?? entry.GetProperty("err").GetString())}");
        }
        Assert.InRange(count, 750, int.MaxValue);
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(30))}");
    }

    private static IEnumerable<string> Differences(HubTokenizer tokenizer, List<string> corpus, JsonObject want, bool withRanges)
    {
        var text = corpus[want["text"]?.GetValue<int>() ?? 0];
        if (want["error"] is not null)
        {
            if (Record.Exception(() => tokenizer.Encode(text, addSpecial: false)) is not TokenizerException) yield return $"{Show(text)} is not refused";
            yield break;
        }
        var (plain, special) = (tokenizer.Encode(text, addSpecial: false), tokenizer.Encode(text, addSpecial: true));
        var ids = Ids(want["ids"]);
        if (!ids.SequenceEqual(plain.Select(token => token.Id))) yield return $"ids of {Show(text)}: {string.Join(' ', plain.Select(token => token.Id))}, not {string.Join(' ', ids)}";
        else if (withRanges && Show(want["spans"]) is var ranges && Show(plain.Select(token => (int[])[token.Start, token.End])) is var got && got != ranges) yield return $"ranges of {Show(text)}: {got}, not {ranges}";
        if (withRanges && !Ids(want["special"]).SequenceEqual(special.Select(token => token.Id))) yield return $"special ids of {Show(text)}";
        if (want["decoded"]?.GetValue<string>() is { } decoded && tokenizer.Decode(ids) is var read && read != decoded) yield return $"text of {string.Join(' ', ids)}: {Show(read)}, not {Show(decoded)}";
        if (want["skipped"]?.GetValue<string>() is { } skipped && tokenizer.Decode(Ids(want["special"]), skipSpecial: true) is var rest && rest != skipped) yield return $"text without special tokens: {Show(rest)}, not {Show(skipped)}";
    }

    private static (string? Text, string? Error) Render(string template, JsonElement variables)
    {
        try
        {
            return (ChatTemplate.Parse(template).Render(variables, new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)), null);
        }
        catch (TemplateException refused)
        {
            return (null, refused.Message);
        }
    }

    private static bool Holds(string[] parts, string text) => parts.Any(part => text.Contains(part, StringComparison.Ordinal));

    private static List<int> Ids(JsonNode? ids) => [.. ids?.AsArray().Select(id => id?.GetValue<int>() ?? -1) ?? []];

    private static string Show(object? value) => JsonSerializer.Serialize(value, _readable);

    private static JsonObject Parse(string? json) => JsonNode.Parse(json ?? "{}")?.AsObject() ?? [];

    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "Prompts", "Variations", name);
}
