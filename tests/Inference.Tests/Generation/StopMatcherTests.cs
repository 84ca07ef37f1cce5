using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Prompts.Tokenizers;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Generation;

public sealed class StopMatcherTests
{
    [Theory]
    [InlineData("The end. Not this", "end.", "The ")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("a\n\nb", "\n\n", "a")]
    [InlineData("no stop here", "xyz", "no stop here")]
    [InlineData("almost xy", "xyz", "almost xy")]
    public void A_text_is_cut_before_the_stop_however_it_comes(string text, string stop, string want)
    {
        for (var piece = 1; piece <= text.Length; piece++)
        {
            var matcher = new StopMatcher([stop, "never"]);
            var shown = string.Concat(text.Chunk(piece).Select(part => matcher.Push(new(part)))) + matcher.Finish();
            Assert.Equal(want, shown);
            Assert.Equal(want != text, matcher.Stopped);
        }
    }

    [Fact]
    public void The_first_of_several_stops_counts_and_an_empty_one_does_not()
    {
        var matcher = new StopMatcher(["", "later", "now"]);
        Assert.Equal("it is ", matcher.Push("it is now or later"));
        Assert.Equal("", matcher.Push("more"));
    }

    [Fact]
    public void Nothing_is_shown_that_may_still_become_a_stop()
    {
        var matcher = new StopMatcher(["<|end|>"]);
        Assert.Equal("a ", matcher.Push("a <|e"));
        Assert.Equal("<|extra", matcher.Push("xtra"));
    }

    [Fact]
    public void Letters_of_several_tokens_come_whole_and_the_parts_make_the_text()
    {
        const string Path = "tokenizers/qwen2.5/tokenizer.json";
        var file = SharedData.Find(Path);
        Assert.SkipWhen(file is null, SharedData.SkipMessage(Path));
        var tokenizer = HubTokenizer.Load(file);
        const string Text = "Größe 🦊👩‍👩‍👧 und 漢字𠀋, then plain text again.";
        var ids = tokenizer.Encode(Text, addSpecial: false).Select(token => token.Id).ToList();
        var text = new TokenText(tokenizer, []);
        var parts = ids.Select(text.Push).ToList();
        Assert.Equal(Text, string.Concat(parts) + text.Finish());
        Assert.DoesNotContain(parts, part => part.Contains('\uFFFD', StringComparison.Ordinal));
    }

    [Fact]
    public void The_space_between_prompt_and_answer_is_kept()
    {
        const string Path = "models/stories260K/tokenizer.json";
        var file = SharedData.Find(Path);
        Assert.SkipWhen(file is null, SharedData.SkipMessage(Path));
        var tokenizer = HubTokenizer.Load(file);
        int[] all = [.. tokenizer.Encode("Once upon a time there was a girl", addSpecial: true).Select(token => token.Id)];
        var prompt = tokenizer.Encode("Once upon a time", addSpecial: true).Count;
        var text = new TokenText(tokenizer, all[..prompt]);
        Assert.Equal(" there was a girl", string.Concat(all[prompt..].Select(text.Push)) + text.Finish());
    }
}
