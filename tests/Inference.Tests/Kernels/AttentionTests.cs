using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Models.Onnx;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Kernels;

/// <summary>Our attention to a cache of 16 bits, against ONNX Runtime's to one of 32, and when it stands in for that.</summary>
public sealed class AttentionTests
{
    private static readonly GeneratedAttention _plain = new(Heads: 4, CacheHeads: 2, Size: 32, Tokens: 3, Before: [5]);

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, GeneratedAttention> Cases { get; } = new()
    {
        ["one token of one text"] = new(Heads: 6, CacheHeads: 2, Size: 64, Tokens: 1, Before: [300], Room: 40),
        ["one token each of texts of unequal length"] = new(Heads: 9, CacheHeads: 3, Size: 64, Tokens: 1, Before: [3, 511, 0, 256], Room: 1),
        ["as many heads of the cache as of queries"] = new(Heads: 3, CacheHeads: 3, Size: 16, Tokens: 1, Before: [70, 9], Room: 3),
        ["many queries for a head"] = new(Heads: 24, CacheHeads: 2, Size: 48, Tokens: 1, Before: [130], Room: 3),
        ["a prompt from its beginning"] = new(Heads: 6, CacheHeads: 2, Size: 64, Tokens: 130, Before: [0], Room: 7),
        ["a prompt gone on with"] = new(Heads: 6, CacheHeads: 2, Size: 64, Tokens: 77, Before: [201], Room: 0),
        ["a few tokens"] = new(Heads: 2, CacheHeads: 1, Size: 128, Tokens: 2, Before: [65], Room: 5),
        ["past and present apart"] = new(Heads: 6, CacheHeads: 2, Size: 32, Tokens: 20, Before: [33]),
        ["past and present apart, a token each"] = new(Heads: 6, CacheHeads: 2, Size: 32, Tokens: 1, Before: [33, 20]),
        ["nothing before"] = new(Heads: 6, CacheHeads: 2, Size: 32, Tokens: 5, Before: [0]),
        ["one tensor of queries, keys and values"] = new(Heads: 6, CacheHeads: 2, Size: 32, Tokens: 9, Before: [40], Packed: true, Room: 9),
        ["halves rotated"] = new(Heads: 6, CacheHeads: 2, Size: 64, Tokens: 40, Before: [70], Turned: 32, Room: 2),
        ["halves rotated, a token each"] = new(Heads: 6, CacheHeads: 2, Size: 64, Tokens: 1, Before: [70, 5], Packed: true, Turned: 32, Room: 2),
        ["neighbours rotated"] = new(Heads: 4, CacheHeads: 2, Size: 64, Tokens: 6, Before: [70], Turned: 32, Neighbours: true, Room: 2),
        ["a part of a head rotated"] = new(Heads: 4, CacheHeads: 2, Size: 64, Tokens: 6, Before: [70], Turned: 16, Room: 2),
        ["a scale of its own"] = new(Heads: 4, CacheHeads: 2, Size: 64, Tokens: 6, Before: [70], Scale: 0.31f, Room: 2),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_session_gives_what_it_gives_with_the_operator_of_ONNX_Runtime(string name)
    {
        RequireInstructions();
        var attention = Cases[name];
        var model = attention.Graph().Model();
        var (wanted, wantedCache) = attention.Run(model, halves: false);
        var (seen, seenCache) = attention.Run(Assert.IsType<byte[]>(attention.Rewritten(model)), halves: true);
        Assert.Equal(wantedCache.Length, seenCache.Length);
        for (var at = 0; at < wantedCache.Length; at++) Assert.Equal(wantedCache[at], seenCache[at], 4f / 2048); // half a step of 11 bits
        Assert.Equal(wanted.Length, seen.Length);
        for (var at = 0; at < wanted.Length; at++) Assert.Equal(wanted[at], seen[at], 1e-2f);
        Assert.True(Math.Sqrt(wanted.Zip(seen, (one, other) => Math.Pow(one - other, 2)).Average()) < 1e-3);
    }

    [Fact]
    public void The_cache_alone_becomes_narrow()
    {
        var graph = OnnxReader.Read(Assert.IsType<byte[]>(_plain.Rewritten(_plain.Graph().Model())));
        Assert.Equal(["past.0.key", "past.0.value"], graph.Inputs.Where(port => port.Type == OnnxType.Half).Select(port => port.Name));
        Assert.Equal(["present.0.key", "present.0.value"], graph.Outputs.Where(port => port.Type == OnnxType.Half).Select(port => port.Name));
        Assert.Equal([null, 2, null, 32], graph.Inputs.Single(port => port.Name == "past.0.key").Shape.Select(size => size.Size));
        Assert.True(graph.Has($"{OrtCustomOperator.Domain}:{OrtCustomOperator.Attention}"));
    }

    [Fact]
    public void What_ours_lacks_stays_with_ONNX_Runtime()
    {
        Assert.NotNull(_plain.Rewritten(_plain.Graph([OnnxWriter.Whole("local_window_size", -1), OnnxWriter.Real("softcap", 0), OnnxWriter.Whole("smooth_softmax", 0)]).Model()));
        Assert.Null(_plain.Rewritten(_plain.Graph([OnnxWriter.Whole("local_window_size", 64)]).Model()));
        Assert.Null(_plain.Rewritten(_plain.Graph([OnnxWriter.Real("softcap", 30)]).Model()));
        Assert.Null(_plain.Rewritten(_plain.Graph([OnnxWriter.Whole("smooth_softmax", 1)]).Model()));
        Assert.Null(_plain.Rewritten(_plain.Graph([OnnxWriter.Whole("of_another_day", 1)]).Model()));
        Assert.Null(_plain.Rewritten(_plain.Graph(inputs: ["q", "k", "v", "past.0.key", "past.0.value", "lengths", "total", "", "", "", "bias"]).Model()));
        Assert.Null(_plain.Rewritten(_plain.Graph().Node("Neg", ["present.0.key"], ["other"]).Model())); // somebody else reads the cache
        foreach (var size in new[] { 24, 2048 })
        {
            var odd = _plain with { Size = size };
            Assert.Null(odd.Rewritten(odd.Graph().Model()));
        }
        Assert.Null(_plain.Rewritten((_plain with { CacheHeads = 4 }).Graph().Model())); // a cache of other heads than the package found
    }

    [Theory]
    [InlineData(new[] { 90, 7 }, null, 4, "A text of 91 tokens, in 8, does not fit a cache of 12")]
    [InlineData(new[] { 7, -9 }, null, 4, "A text of -8 tokens")]
    [InlineData(new[] { 7, 7 }, 2_000_000_000, null, "A text of 8 tokens, in 2000000000, does not fit a cache of 5")]
    [InlineData(new[] { 1200, 7 }, 1201, 1300, "A text of 1201 tokens, in 1201, does not fit a cache of 1308 or its rotation")]
    [InlineData(new[] { 7 }, null, 4, "There are fewer lengths than texts")]
    public void Sizes_that_do_not_fit_are_refused_in_words(int[] lengths, int? total, int? room, string words)
    {
        RequireInstructions();
        var attention = _plain with { Before = [5, 5], Turned = 16, Room = room };
        var model = Assert.IsType<byte[]>(attention.Rewritten(attention.Graph().Model()));
        var refusal = Assert.Throws<OnnxRuntimeException>(() => attention.Run(model, halves: true, lengths, total));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    private static void RequireInstructions() => Assert.SkipUnless(Attention.IsSupported, "This processor has no AVX2.");
}
