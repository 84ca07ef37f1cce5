using ModelAtlas.Inference.Generation;

namespace ModelAtlas.Inference.Tests.Models;

/// <summary>Measures the memory of the whole process: what other tests allocate beside it would be counted too.</summary>
[CollectionDefinition(nameof(ManagedMemoryTests), DisableParallelization = true), Collection(nameof(ManagedMemoryTests))]
public sealed class ManagedMemoryTests
{
    [Fact]
    public void Ten_thousand_tokens_leave_no_managed_memory_behind()
    {
        using var toy = ToyModel.CreateEndless();
        using var model = toy.Load();
        var text = new Continuation(new([1], Sampling.Greedy) { MaxNewTokens = 10_000 }, null, TestContext.Current.CancellationToken);
        var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
        batch.Add(text);
        for (var i = 0; i < 1000; i++) batch.Step();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        batch.Run();
        Assert.Equal(10_000, text.Ids.Count());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 2_000_000);
    }
}
