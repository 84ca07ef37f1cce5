using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Generation;

public sealed class SamplerTests
{
    // Likelihoods 0.5, 0.3, 0.15, 0.05 in an order of their own.
    private static readonly float[] _logits = [MathF.Log(0.15f), MathF.Log(0.5f), MathF.Log(0.05f), MathF.Log(0.3f)];

    [Fact]
    public void Temperature_one_draws_as_the_model_says()
    {
        var shares = Shares(new(Temperature: 1));
        foreach (var (token, want) in new[] { (1, 0.5), (3, 0.3), (0, 0.15), (2, 0.05) }) Assert.InRange(shares[token], want - 0.02, want + 0.02);
    }

    [Fact]
    public void A_low_temperature_sharpens_and_zero_takes_the_likeliest()
    {
        var shares = Shares(new(Temperature: 0.5)); // squares: 0.25, 0.09, 0.0225, 0.0025
        Assert.InRange(shares[1], 0.685 - 0.02, 0.685 + 0.02);
        Assert.Equal(1, Shares(new(Temperature: 0))[1]);
    }

    [Theory]
    [InlineData(2, 1, 0, new[] { 1, 3 })]
    [InlineData(1, 1, 0, new[] { 1 })]
    [InlineData(0, 0.5, 0, new[] { 1 })]
    [InlineData(0, 0.51, 0, new[] { 1, 3 })]
    [InlineData(0, 0.81, 0, new[] { 0, 1, 3 })]
    [InlineData(0, 1, 0.29, new[] { 0, 1, 3 })]
    [InlineData(0, 1, 0.31, new[] { 1, 3 })]
    [InlineData(3, 0.7, 0, new[] { 1, 3 })] // of what top_k left: 0.53, 0.32, 0.16
    [InlineData(0, 0.01, 1, new[] { 1 })]
    public void Only_the_tokens_that_a_limit_leaves_are_drawn(int topK, double topP, double minP, int[] drawn)
    {
        var shares = Shares(new(1, topK, topP, minP));
        Assert.Equal(drawn, Enumerable.Range(0, 4).Where(token => shares[token] > 0));
    }

    [Fact]
    public void The_same_holds_in_a_large_vocabulary_with_and_without_a_limit()
    {
        var random = new Random(3);
        var logits = Enumerable.Range(0, 50_000).Select(_ => (float)(random.NextDouble() * 4)).ToArray();
        var best = logits.Index().OrderByDescending(pair => pair.Item).Take(40).Select(pair => pair.Index).ToHashSet();
        var sampler = new Sampler(new(TopK: 40), new(5));
        Assert.All(Enumerable.Range(0, 300), _ => Assert.Contains(sampler.Pick(logits, []), best));
        var wide = new Sampler(new(TopK: 5000, TopP: 0.9), new(5));
        var first5000 = logits.Index().OrderByDescending(pair => pair.Item).Take(5000).Select(pair => pair.Index).ToHashSet();
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Contains(wide.Pick(logits, []), first5000));
    }

    [Fact]
    public void A_repetition_penalty_makes_what_was_said_less_likely_whatever_its_sign()
    {
        Assert.Equal(1, new Sampler(new(0, RepetitionPenalty: 2), new(0)).Pick([3f, 2f, -1f], [0, 0, 0])); // 1.5 against 2, once however often it was said
        Assert.Equal(1, new Sampler(new(0, RepetitionPenalty: 3), new(0)).Pick([-1f, -2f], [0])); // -3 against -2
    }

    [Fact]
    public void The_same_seed_draws_the_same()
    {
        static List<int> Draw(int seed)
        {
            var sampler = new Sampler(new(), new(seed));
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Pick(_logits, []))];
        }
        Assert.Equal(Draw(11), Draw(11));
        Assert.NotEqual(Draw(11), Draw(12));
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_told_of()
    {
        Assert.Throws<ArithmeticException>(() => new Sampler(new(), new(0)).Pick([float.NaN, 1], []));
        Assert.Throws<ArithmeticException>(() => new Sampler(Sampling.Greedy, new(0)).Pick([1, float.PositiveInfinity], []));
    }

    [Fact]
    public void What_the_caller_leaves_open_is_the_models_own_and_greedy_is_neither()
    {
        var own = new GenerationDefaults { Samples = true, Temperature = 0.6, TopP = 0.95, TopK = 20, RepetitionPenalty = 1.1 };
        Assert.Equal(new(0.6, 20, 0.95, 0, 1.1), new SamplingWish().Over(own));
        Assert.Equal(new(0.2, 20, 0.5, 0, 1.1), new SamplingWish(Temperature: 0.2, TopP: 0.5).Over(own));
        Assert.Equal(Sampling.Greedy, new SamplingWish(Greedy: true).Over(own));
        Assert.Equal(0, new SamplingWish().Over(own with { Samples = false }).Temperature);
        Assert.Equal(0.6, new SamplingWish(Seed: 1).Over(own with { Samples = false }).Temperature);
    }

    [Theory]
    [InlineData(-1, 0, 1, 0, 1, "temperature")]
    [InlineData(double.NaN, 0, 1, 0, 1, "temperature")]
    [InlineData(1, -1, 1, 0, 1, "top_k")]
    [InlineData(1, 0, 0, 0, 1, "top_p")]
    [InlineData(1, 0, 1, 1.5, 1, "min_p")]
    [InlineData(1, 0, 1, 0, 0, "repetition_penalty")]
    public void A_value_that_cannot_be_is_named(double temperature, int topK, double topP, double minP, double penalty, string name) =>
        Assert.StartsWith(name, new Sampling(temperature, topK, topP, minP, penalty).Complaint(), StringComparison.Ordinal);

    private static double[] Shares(Sampling sampling)
    {
        const int Draws = 20_000;
        var (sampler, counts) = (new Sampler(sampling, new(42)), new double[4]);
        for (var i = 0; i < Draws; i++) counts[sampler.Pick(_logits, [])] += 1.0 / Draws;
        return [.. counts.Select(share => Math.Round(share, 6))];
    }
}
