using System.Text.Json;
using ModelAtlas.Inference.Prompts.Tokenizers;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Prompts;

public sealed class TokenizerParityTests
{
    private const string Folder = "tokenizers";

    [Theory]
    [InlineData("gpt2")]
    [InlineData("phi-2")]
    [InlineData("phi-3")]
    [InlineData("qwen2.5")]
    [InlineData("t5-small")]
    [InlineData("bert")]
    [InlineData("../models/stories260K")]
    public void Ids_texts_special_tokens_and_offsets_equal_the_original_implementation(string name)
    {
        var folder = SharedData.Find(Folder);
        Assert.SkipWhen(folder is null, SharedData.SkipMessage(Folder));
        var tokenizer = HubTokenizer.Load(Path.Combine(folder, name, "tokenizer.json"));
        var key = Path.GetFileName(name);
        var corpus = Read(folder, "corpus.json").EnumerateArray().Select(text => text.GetString() ?? "").ToList();
        var wrong = new List<string>();
        foreach (var (i, pair) in Read(folder, "expected-rust.json").GetProperty(key).EnumerateArray().Index())
        {
            var ids = tokenizer.Encode(corpus[i], addSpecial: false).Select(token => token.Id).ToList();
            Compare($"ids {i} of {JsonSerializer.Serialize(corpus[i])}", Ids(pair[0]), ids);
            var text = tokenizer.Decode(Ids(pair[0]));
            if (text != pair[1].GetString()) wrong.Add($"text {i}: wanted {pair[1].GetRawText()}, got {JsonSerializer.Serialize(text)}");
        }
        foreach (var (i, triple) in Read(folder, "expected-special.json").GetProperty(key).EnumerateArray().Index())
        {
            var tokens = tokenizer.Encode(corpus[i], addSpecial: true);
            Compare($"special ids {i}", Ids(triple[0]), [.. tokens.Select(token => token.Id)]);
        }
        if (Read(folder, "expected-offsets.json").TryGetProperty(key, out var offsets))
            foreach (var text in offsets.EnumerateObject())
            {
                var i = int.Parse(text.Name, System.Globalization.CultureInfo.InvariantCulture);
                var got = tokenizer.Encode(corpus[i], addSpecial: false).Select(token => $"{token.Start}-{token.End}");
                var want = text.Value.EnumerateArray().Select(range => $"{range[0]}-{range[1]}");
                if (!want.SequenceEqual(got)) wrong.Add($"offsets {i} of {JsonSerializer.Serialize(corpus[i])}: wanted {string.Join(' ', want)}, got {string.Join(' ', got)}");
            }
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(25))}");

        void Compare(string what, List<int> want, List<int> got)
        {
            if (!want.SequenceEqual(got)) wrong.Add($"{what}: wanted {string.Join(' ', want.Take(20))}, got {string.Join(' ', got.Take(20))}");
        }
    }

    private static List<int> Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private static JsonElement Read(string folder, string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
        return json.RootElement.Clone();
    }
}
