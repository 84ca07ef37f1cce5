using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Generation;

public sealed class GenerationBatchTests
{
    private const int End = 99;

    [Fact]
    public void A_text_ends_at_its_end_token_which_is_no_part_of_it()
    {
        var text = Generate(new ScriptedDecoder(100, 1, read => read.Count < 6 ? read.Count : End), new([1, 2, 3], Sampling.Greedy) { EndIds = [7, End] });
        Assert.Equal([3, 4, 5], text.Ids);
        Assert.Equal(FinishReason.Eos, text.Finish);
    }

    [Fact]
    public void A_text_ends_at_its_limit_or_where_the_context_is_full()
    {
        Assert.Equal((5, FinishReason.Length), Made(Generate(new ScriptedDecoder(100, 1, _ => 4), new([1], Sampling.Greedy) { MaxNewTokens = 5 })));
        Assert.Equal((0, FinishReason.Length), Made(Generate(new ScriptedDecoder(100, 1, _ => 4), new([1], Sampling.Greedy) { MaxNewTokens = 0 })));
        // Seven tokens fit behind a prompt of three in a context of ten, and the last of them need not be read any more.
        Assert.Equal((8, FinishReason.Length), Made(Generate(new ScriptedDecoder(100, 1, _ => 4, context: 10), new([1, 2, 3], Sampling.Greedy) { MaxNewTokens = 500 })));
        Assert.Throws<ModelRefusedException>(() => Generate(new ScriptedDecoder(100, 1, _ => 4, context: 2), new([1, 2, 3], Sampling.Greedy)));
    }

    [Fact]
    public void Texts_join_and_leave_a_running_batch_and_each_reads_as_if_it_were_alone()
    {
        static int Next(IReadOnlyList<int> read) => read.Count >= read[0] ? End : read[^1] % 90 + read[0] % 3; // the first token says how long the text gets
        int[][] prompts = [[9, 1], [30, 2, 2], [5], [14, 8, 8, 8], [22, 3], [7, 7]];
        var alone = prompts.Select(prompt => Generate(new ScriptedDecoder(100, 1, Next), new(prompt, Sampling.Greedy) { EndIds = [End] }).Ids.ToList()).ToList();
        var decoder = new ScriptedDecoder(100, 3, Next);
        var batch = new GenerationBatch(decoder, batches: true);
        var texts = prompts.Select(prompt => new Continuation(new(prompt, Sampling.Greedy) { EndIds = [End] }, null, default)).ToList();
        foreach (var text in texts) batch.Add(text);
        batch.Run();
        Assert.Equal(alone, texts.Select(text => text.Ids.ToList()));
        Assert.Equal(3, decoder.Batches.Max());
        Assert.True(batch.IsIdle);
    }

    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Plain)]
    [InlineData(ToyAttention.Narrow)]
    public void A_batch_of_a_real_graph_gives_the_tokens_of_single_runs(ToyAttention attention)
    {
        using var toy = ToyModel.Create(attention);
        using var one = toy.Load();
        using var many = toy.Load(slots: 4);
        int[][] prompts = [[3, 1, 4], [1, 5, 9, 2, 6, 5, 3, 5], [8], [.. Enumerable.Range(1, 45)], [2, 7], [1, 8, 2, 8, 1, 8]];
        GenerationRequest Request(int[] prompt) => new(prompt, new(Temperature: 0.9, TopK: 20)) { MaxNewTokens = 10 + prompt.Length, Seed = prompt.Length };
        var alone = prompts.Select(prompt => Generate(one.Decoder, Request(prompt)).Ids.ToList()).ToList();
        var batch = new GenerationBatch(many.Decoder, many.Decoder.CanBatch);
        var texts = prompts.Select(prompt => new Continuation(Request(prompt), null, TestContext.Current.CancellationToken)).ToList();
        foreach (var text in texts) batch.Add(text);
        batch.Run();
        Assert.Equal(alone, texts.Select(text => text.Ids.ToList()));
    }

    [Fact]
    public void A_prompt_that_begins_as_one_before_it_is_read_from_where_they_part()
    {
        var decoder = new ScriptedDecoder(100, 1, read => read.Count < 8 ? 50 : End);
        Generate(decoder, new([1, 2, 3, 4], Sampling.Greedy) { EndIds = [End] });
        var before = decoder.Read;
        var turn = Generate(decoder, new([1, 2, 3, 4, 50, 50, 60, 61], Sampling.Greedy) { EndIds = [End] });
        Assert.Equal(6, turn.Reused);
        Assert.Equal(2, decoder.Read - before);
        Assert.Equal(7, Generate(decoder, new([1, 2, 3, 4, 50, 50, 60, 61], Sampling.Greedy) { EndIds = [End] }).Reused); // the last token is read for its logits
    }

    [Fact]
    public void A_cancelled_text_ends_and_its_neighbours_go_on()
    {
        using var cancel = new CancellationTokenSource();
        var steps = 0;
        var decoder = new ScriptedDecoder(100, 2, read => read.Count < 20 ? 5 : End) { BeforeRun = () => { if (++steps == 6) cancel.Cancel(); } };
        var batch = new GenerationBatch(decoder, batches: true);
        var dropped = new Continuation(new([1], Sampling.Greedy) { EndIds = [End] }, null, cancel.Token);
        var kept = new Continuation(new([2], Sampling.Greedy) { EndIds = [End] }, null, default);
        batch.Add(dropped);
        batch.Add(kept);
        batch.Run();
        Assert.Equal(FinishReason.Cancelled, dropped.Finish);
        Assert.InRange(dropped.Ids.Count(), 1, 8);
        Assert.Equal((19, FinishReason.Eos), Made(kept));
    }

    [Fact]
    public void The_first_text_of_a_request_goes_before_further_ones_of_another_which_take_half_of_the_slots()
    {
        static Continuation Text(int first, int index) => new(new([first], Sampling.Greedy) { EndIds = [End] }, null, default) { Index = index };
        var decoder = new ScriptedDecoder(100, 4, read => read.Count < 40 ? 5 : End);
        var batch = new GenerationBatch(decoder, batches: true);
        var many = Enumerable.Range(0, 4).Select(index => Text(1, index)).ToList();
        foreach (var text in many) batch.Add(text);
        for (var step = 0; step < 10; step++) batch.Step();
        Assert.Equal([true, true, false, false], many.Select(text => text.Ids.Any()));
        var later = Text(2, 0);
        batch.Add(later);
        batch.Step();
        Assert.True(later.Ids.Any());
        batch.Run();
        Assert.All([.. many, later], text => Assert.Equal((39, FinishReason.Eos), Made(text)));
    }

    [Fact]
    public void A_text_that_is_cancelled_while_it_waits_ends_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var batch = new GenerationBatch(new ScriptedDecoder(100, 1, _ => 5, context: 1000), batches: true);
        var waits = new Continuation(new([2], Sampling.Greedy), null, cancel.Token);
        batch.Add(new(new([1], Sampling.Greedy) { MaxNewTokens = 500 }, null, default));
        batch.Add(waits);
        batch.Step();
        cancel.Cancel();
        batch.Step();
        Assert.Equal((0, FinishReason.Cancelled), Made(waits));
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_model_whatever_the_temperature()
    {
        var told = new List<GenerationEvent>();
        var batch = new GenerationBatch(new ScriptedDecoder(100, 1, _ => 4), batches: false);
        batch.Add(new(new([1], new(Temperature: 5)) { MaxNewTokens = 3, Seed = 1, Logprobs = 2 }, null, default, told.Add));
        batch.Run();
        var sure = (float)(10 - Math.Log(Math.Exp(10) + 99));
        Assert.All(told, step => Assert.Equal(4, step.Alternatives[0].Token));
        Assert.All(told, step => Assert.Equal(sure, step.Alternatives[0].LogProbability, 4));
        Assert.All(told, step => Assert.Equal(step.Token == 4 ? sure : sure - 10, step.LogProbability ?? 0, 4));
    }

    private static (int Count, FinishReason? Finish) Made(Continuation text) => (text.Ids.Count(), text.Finish);

    private static Continuation Generate(IDecoder decoder, GenerationRequest request)
    {
        var (batch, text) = (new GenerationBatch(decoder, batches: true), new Continuation(request, null, default));
        batch.Add(text);
        batch.Run();
        return text;
    }
}
