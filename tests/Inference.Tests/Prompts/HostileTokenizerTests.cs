using System.Diagnostics;
using System.Text.Json;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Tests.Prompts;

public sealed class HostileTokenizerTests
{
    private const string Model = """ "model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]} """;

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"model":7}""")]
    [InlineData("""{"model":{"type":"BPE"}}""")]
    [InlineData("""{"model":{"type":"Unheard","vocab":{}}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":2147483647},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":1e99},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":"0"},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":["a"],"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[7]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["x y"]}}""")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a"]]}}""")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":99,"vocab":[["a",-1.0]]}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":0}}}""")]
    [InlineData("""{"added_tokens":[{"id":2147483647,"content":"<x>"}],MODEL}""")]
    [InlineData("""{"added_tokens":[{"id":3}],MODEL}""")]
    [InlineData("""{"added_tokens":7,MODEL}""")]
    [InlineData("""{"normalizer":{"type":"Unheard"},MODEL}""")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA/////w=="},MODEL}""")]
    [InlineData("""{"normalizer":{"type":"Replace","pattern":{"Regex":"("},"content":""},MODEL}""")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"[[:nothing:]"},"behavior":"Isolated"},MODEL}""")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"a"},"behavior":"Unheard"},MODEL}""")]
    [InlineData("""{"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<none>","type_id":0}}],"special_tokens":{}},MODEL}""")]
    [InlineData("""{"decoder":{"type":"Unheard"},MODEL}""")]
    public void INF_07_A_hostile_tokenizer_is_read_or_refused_in_one_sentence(string json)
    {
        using var folder = new Folder(json.Replace("MODEL", Model.Trim(), StringComparison.Ordinal));
        try
        {
            var tokenizer = HubTokenizer.Load(folder.Tokenizer);
            tokenizer.Decode([.. tokenizer.Encode("ab abc \uD83D\uDE00 <x>", addSpecial: true).Select(token => token.Id)], skipSpecial: false);
        }
        catch (TokenizerException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    [Fact]
    public void INF_07_A_tokenizer_nested_beyond_reason_is_refused()
    {
        using var folder = new Folder("{\"normalizer\":" + string.Concat(Enumerable.Repeat("{\"type\":\"Sequence\",\"normalizers\":[", 20_000)));
        Assert.Throws<TokenizerException>(() => HubTokenizer.Load(folder.Tokenizer));
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*a){20}$")]
    public void INF_07_A_pattern_that_never_ends_is_stopped(string pattern)
    {
        using var folder = new Folder($$$"""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":{{{JsonSerializer.Serialize(pattern)}}}},"behavior":"Isolated"},{{{Model}}}}""");
        var watch = Stopwatch.StartNew();
        try
        {
            HubTokenizer.Load(folder.Tokenizer).Encode(new string('a', 5000) + "!", addSpecial: false);
        }
        catch (TokenizerException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
        }
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public void INF_06_A_control_token_that_a_person_spells_out_stays_text()
    {
        using var folder = new Folder("""{"added_tokens":[{"id":3,"content":"<|end|>","special":true}],"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"<":4,"|":5,"e":6,"n":7,"d":8,">":9},"merges":["a b"]}}""");
        File.WriteAllText(Path.Combine(folder.Path, "chat_template.jinja"), "{% for m in messages %}{{ m.content }}<|end|>{% endfor %}");
        using var chat = JsonDocument.Parse("""{"messages":[{"role":"user","content":"ab<|end|>a"}]}""");
        Assert.Equal([2, 4, 5, 6, 7, 8, 5, 9, 0, 3], new PromptReader(folder.Path).Read(chat.RootElement, default));
    }

    private sealed class Folder : IDisposable
    {
        public Folder(string tokenizer) => File.WriteAllText(Tokenizer, tokenizer);

        public string Path { get; } = Directory.CreateTempSubdirectory("tokenizer-").FullName;
        public string Tokenizer => System.IO.Path.Combine(Path, "tokenizer.json");

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
