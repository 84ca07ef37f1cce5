using System.Numerics.Tensors;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Models;

public sealed class OrtDecoderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly int[] _text = [.. Enumerable.Range(0, 700).Select(i => i * 7 % 49 + 1)];

    [Theory]
    [InlineData(ToyAttention.Fused, 7)]
    [InlineData(ToyAttention.Fused, 6)]
    [InlineData(ToyAttention.Plain, 7)]
    [InlineData(ToyAttention.Narrow, 7)]
    public void Token_by_token_and_chunk_by_chunk_give_the_logits_of_one_pass(ToyAttention attention, int idType)
    {
        using var toy = ToyModel.Create(attention, idType: idType);
        using var all = toy.Load(whole: true);
        using var model = toy.Load();
        Assert.True(model.Decoder.GivesLastOnly);
        var whole = all.Decoder.AppendForAll(0, _text.AsSpan(0, 40), 40, Cancel).ToArray();
        for (var i = 0; i < 40; i++) Near(whole.AsSpan(i * ToyModel.Vocabulary, ToyModel.Vocabulary), model.Decoder.Append(0, _text.AsSpan(i, 1), Cancel));
        model.Decoder.Truncate(0, 0);
        model.Decoder.Append(0, _text.AsSpan(0, 17), Cancel);
        Near(whole.AsSpan(39 * ToyModel.Vocabulary, ToyModel.Vocabulary), model.Decoder.Append(0, _text.AsSpan(17, 23), Cancel));
    }

    [Fact]
    public void Fused_and_plain_graphs_of_the_same_weights_agree_beyond_a_chunk_and_a_growth_of_the_cache()
    {
        using var fused = ToyModel.Create();
        using var plain = ToyModel.Create(ToyAttention.Plain);
        using var one = fused.Load();
        using var other = plain.Load();
        Assert.True(one.Decoder.CanBatch);
        Assert.False(other.Decoder.CanBatch);
        Near(one.Decoder.Append(0, _text, Cancel).ToArray(), other.Decoder.Append(0, _text, Cancel));
    }

    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Plain)]
    [InlineData(ToyAttention.Narrow)]
    public void A_text_that_is_cut_back_and_gone_on_from_is_as_one_read_afresh(ToyAttention attention)
    {
        using var toy = ToyModel.Create(attention);
        using var model = toy.Load();
        var afresh = model.Decoder.Append(0, [1, 2, 3, 9, 9], Cancel).ToArray();
        model.Decoder.Truncate(0, 0);
        model.Decoder.Append(0, [1, 2, 3, 4, 5, 6, 7], Cancel);
        Assert.Equal(3, model.Decoder.Truncate(0, 3));
        Near(afresh, model.Decoder.Append(0, [9, 9], Cancel));
        Assert.Equal([1, 2, 3, 9, 9], model.Decoder.Tokens(0));
    }

    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Plain)]
    [InlineData(ToyAttention.Narrow)]
    public void A_copied_slot_goes_on_as_its_source(ToyAttention attention)
    {
        using var toy = ToyModel.Create(attention);
        using var model = toy.Load(slots: 3);
        model.Decoder.Append(1, [5, 6, 7], Cancel);
        model.Decoder.Copy(1, 2);
        var source = model.Decoder.Append(1, [8], Cancel).ToArray();
        Near(source, model.Decoder.Append(2, [8], Cancel));
    }

    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Narrow)]
    public void Rows_of_unequal_length_in_one_batch_give_the_logits_of_separate_runs(ToyAttention attention)
    {
        using var toy = ToyModel.Create(attention);
        using var model = toy.Load(slots: 3);
        int[] lengths = [3, 300, 17];
        var alone = lengths.Select(length =>
        {
            model.Decoder.Truncate(0, 0);
            return model.Decoder.Append(0, _text.AsSpan(0, length), Cancel).ToArray();
        }).ToList();
        for (var slot = 0; slot < 3; slot++)
        {
            model.Decoder.Truncate(slot, 0);
            model.Decoder.Append(slot, _text.AsSpan(0, lengths[slot] - 1), Cancel);
        }
        var together = model.Decoder.Advance(0, [_text[2], _text[299], _text[16]], Cancel);
        for (var slot = 0; slot < 3; slot++) Near(alone[slot], together.Slice(slot * ToyModel.Vocabulary, ToyModel.Vocabulary));
    }

    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Plain)]
    [InlineData(ToyAttention.Narrow)]
    public void A_graph_that_keeps_only_the_last_logits_gives_the_same(ToyAttention attention)
    {
        using var usual = ToyModel.Create(attention);
        using var keeps = ToyModel.Create(attention, keepsLast: true);
        using var one = usual.Load();
        using var other = keeps.Load(whole: true);
        Near(one.Decoder.Append(0, _text.AsSpan(0, 30), Cancel).ToArray(), other.Decoder.Append(0, _text.AsSpan(0, 30), Cancel));
        other.Decoder.Truncate(0, 0);
        Assert.Equal(30 * ToyModel.Vocabulary, other.Decoder.AppendForAll(0, _text.AsSpan(0, 30), 30, Cancel).Length);
    }

    [Fact]
    public void A_cache_of_16_bits_gives_nearly_what_one_of_32_does()
    {
        Assert.SkipUnless(Attention.IsSupported, "This processor has no AVX2.");
        using var toy = ToyModel.Create(ToyAttention.Narrow);
        using var narrow = toy.Load(whole: true);
        using var wide = LoadedModel.Load(toy.Folder, new(WeightsWish.Stored, DeviceWish.Cpu) { WholeLogits = true });
        var want = wide.Decoder.AppendForAll(0, _text.AsSpan(0, 200), 200, Cancel).ToArray();
        var got = narrow.Decoder.AppendForAll(0, _text.AsSpan(0, 200), 200, Cancel);
        Assert.NotEqual(want, got.ToArray());
        Near(want, got, 5e-4f);
    }

    [Fact]
    public void Tokens_beyond_the_vocabulary_or_the_context_are_refused_before_they_run()
    {
        using var toy = ToyModel.Create();
        using var model = toy.Load();
        Assert.Contains("beyond the model's vocabulary of 50", Assert.Throws<ModelRefusedException>(() => { model.Decoder.Append(0, [1, 50], Cancel); }).Message, StringComparison.Ordinal);
        Assert.Contains("vocabulary", Assert.Throws<ModelRefusedException>(() => { model.Decoder.Append(0, [-1], Cancel); }).Message, StringComparison.Ordinal);
        Assert.Contains("at most 1200", Assert.Throws<ModelRefusedException>(() => { model.Decoder.Append(0, new int[1201], Cancel); }).Message, StringComparison.Ordinal);
        Assert.Equal(ToyModel.Vocabulary, model.Decoder.Append(0, new int[1200], Cancel).Length);
    }

    [Fact]
    public void A_token_costs_less_than_a_kilobyte_of_managed_memory()
    {
        using var toy = ToyModel.Create();
        using var model = toy.Load();
        var result = DecoderTrial.Run(model.Decoder, new(Prompt: 8, New: 200, Batch: 1, Context: 0, Repetitions: 2), Cancel);
        Assert.InRange(result.ManagedBytesPerToken, 0, 1023);
    }

    [Fact]
    public void A_cancelled_run_stops_and_the_decoder_goes_on_as_if_it_had_not_been()
    {
        using var toy = ToyModel.Create();
        using var model = toy.Load();
        var want = model.Decoder.Append(0, [1, 2, 3, 4], Cancel).ToArray();
        model.Decoder.Truncate(0, 2);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => { model.Decoder.Append(0, [5], cancelled.Token); });
        Near(want, model.Decoder.Append(0, [3, 4], Cancel));
    }

    [Fact]
    public async Task A_run_that_is_stopped_in_its_middle_ends_and_leaves_the_decoder_sound()
    {
        using var toy = ToyModel.CreateEndless();
        using var model = toy.Load();
        var want = model.Decoder.Append(0, [1, 2, 3, 4], Cancel).ToArray();
        model.Decoder.Truncate(0, 2);
        var prompt = Enumerable.Range(0, 190_000).Select(i => i % 49 + 1).ToArray();
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => { model.Decoder.Append(0, prompt, stop.Token); }, Cancel);
        await Task.Delay(100, Cancel);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.InRange(model.Decoder.Tokens(0).Length, 2, 190_000);
        Assert.Equal(2, model.Decoder.Truncate(0, 2));
        Near(want, model.Decoder.Append(0, [3, 4], Cancel));
    }

    [Theory]
    [InlineData(ToyAttention.Fused)]
    [InlineData(ToyAttention.Plain)]
    [InlineData(ToyAttention.Narrow)]
    public void A_stop_in_the_middle_of_a_long_prompt_ends_it_and_leaves_the_decoder_sound(ToyAttention attention)
    {
        using var toy = ToyModel.Create(attention, new { model_type = "toy", num_hidden_layers = 1, vocab_size = ToyModel.Vocabulary, max_position_embeddings = 60_000 });
        using var model = toy.Load();
        var want = model.Decoder.Append(0, _text, Cancel).ToArray();
        model.Decoder.Truncate(0, 0);
        int[] prompt = [.. Enumerable.Range(0, 50_000).Select(i => i % ToyModel.Vocabulary)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        stop.CancelAfter(150);
        Assert.ThrowsAny<OperationCanceledException>(() => { model.Decoder.Append(0, prompt, stop.Token); });
        Assert.True(model.Decoder.Tokens(0).Length < prompt.Length);
        model.Decoder.Truncate(0, 0);
        Assert.Equal(want, model.Decoder.Append(0, _text, Cancel).ToArray());
    }

    private static void Near(ReadOnlySpan<float> want, ReadOnlySpan<float> got, float tolerance = 1e-4f)
    {
        Assert.Equal(want.Length, got.Length);
        Assert.InRange(TensorPrimitives.Distance(want, got), 0, tolerance * TensorPrimitives.Norm(want));
    }
}
