using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Architectures;

/// <summary>What a conversion costs is measured once and known from then on.</summary>
public sealed class ConversionLossTests
{
    private const string Plain = "models/formats/lora-base";

    [Fact]
    public async Task Measured_in_processes_of_their_own_it_is_what_this_one_finds_and_is_known_from_then_on()
    {
        var root = SharedData.Find(Plain);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Plain));
        await using var home = await TestFolder.CreateAsync("apart");
        await using var other = await TestFolder.CreateAsync("here");
        var options = new LoadOptions(WeightsWish.FourBit, DeviceWish.Cpu) { Build = new() { Home = home.Path } };
        Assert.Null(ConversionLoss.Known(root, options));
        Assert.True(ConversionLoss.CanMeasure(root, options, ConversionLoss.MostBytes));
        Assert.False(ConversionLoss.CanMeasure(root, options, 1000));
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Path)); // nothing is built only to be asked

        var apart = await ConversionLoss.MeasureAsync(root, options, new(), TestContext.Current.CancellationToken);
        Assert.NotNull(apart);
        Assert.NotEqual(apart.Stored, apart.Converted);
        Assert.Equal(apart, ConversionLoss.Known(root, options));
        Assert.Null(ConversionLoss.Known(root, options with { Weights = WeightsWish.Stored }));

        var here = ConversionLoss.Of(root, options with { Build = new() { Home = other.Path } }, TestContext.Current.CancellationToken);
        Assert.NotNull(here);
        Assert.Equal(here.Stored, apart.Stored, 1e-5);
        Assert.Equal(here.Converted, apart.Converted, 1e-5);
    }

    [Fact]
    public async Task A_graph_in_the_making_tells_bytes_and_the_matrix_that_is_written()
    {
        var root = SharedData.Find(Plain);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Plain));
        await using var home = await TestFolder.CreateAsync("steps");
        var heard = new Heard();
        ModelPackage.Open(root, WeightsWish.FourBit, build: new() { Home = home.Path, Progress = heard });
        Assert.Contains(heard.Steps, step => step.Step == "writing \"model.layers.0.self_attn.q_proj.weight\"");
        Assert.All(heard.Steps, step => Assert.InRange(step.Done, 0, step.Total - 1));
        Assert.Equal(heard.Steps.Select(step => step.Done).Order(), heard.Steps.Select(step => step.Done));
    }

    private sealed class Heard : IProgress<BuildProgress>
    {
        public List<BuildProgress> Steps { get; } = [];

        public void Report(BuildProgress value) => Steps.Add(value);
    }
}
