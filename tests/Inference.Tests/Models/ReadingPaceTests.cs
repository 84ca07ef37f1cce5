using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Models;

public sealed class ReadingPaceTests
{
    [Theory]
    [InlineData(1536, 576, 256)] // some 135 M parameters
    [InlineData(8192, 4096, 89)]
    [InlineData(1 << 15, 1 << 14, 32)]
    [InlineData(int.MaxValue, int.MaxValue, 32)]
    public void The_larger_a_model_s_matrices_the_fewer_tokens_are_read_between_two_chances_to_stop(long rows, long columns, int chunk)
    {
        using var toy = ToyModel.Create(more: graph => graph.Node("MatMulNBits", ["x"], ["y"], "com.microsoft", OnnxWriter.Whole("K", columns), OnnxWriter.Whole("N", rows)));
        var package = ModelPackage.Open(toy.Folder);
        Assert.Equal(chunk, new ReadingPace(package, onGpu: false).Chunk(100, wholeLogits: false));
        Assert.Equal(512, new ReadingPace(package, onGpu: true).Chunk(100, wholeLogits: false));
    }

    [Fact]
    public void The_longer_a_text_the_fewer_tokens_of_it_are_read_at_once()
    {
        using var toy = ToyModel.Create();
        var pace = new ReadingPace(ModelPackage.Open(toy.Folder), onGpu: false);
        Assert.Equal(256, pace.Chunk(10_000, wholeLogits: false));
        Assert.Equal(187, pace.Chunk(250_000, wholeLogits: false));
        Assert.Equal(32, pace.Chunk(16_000_000, wholeLogits: false));
    }
}
