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
        foreach (var place in (string[])[home.Path, other.Path]) // what was built only to compare with has left
            Assert.DoesNotContain("-stored-", Path.GetFileName(Assert.Single(Directory.EnumerateDirectories(place))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_as_stored_stay_where_somebody_asked_for_them_before_or_meanwhile()
    {
        var root = SharedData.Find(Plain);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Plain));
        await using var home = await TestFolder.CreateAsync("asked");
        var build = new BuildOptions { Home = home.Path };
        var whole = ModelPackage.Open(root, WeightsWish.Stored, build: build).Folder;
        Assert.NotNull(ConversionLoss.Of(root, new(WeightsWish.FourBit, DeviceWish.Cpu) { Build = build }, TestContext.Current.CancellationToken));
        Assert.True(Directory.Exists(whole));

        var used = BuiltModels.UsedAt(whole);
        Assert.Equal(whole, ModelPackage.Open(root, WeightsWish.Stored, build: build).Folder); // somebody asks meanwhile
        BuiltModels.Discard(whole, used);
        Assert.True(Directory.Exists(whole));
        BuiltModels.Discard(whole, BuiltModels.UsedAt(whole));
        Assert.False(Directory.Exists(whole));
        BuiltModels.Discard(whole, used); // gone already
    }

    [Fact]
    public async Task A_folder_is_brought_to_the_disk_with_files_that_may_only_be_read_and_without_them_it_is_told()
    {
        await using var home = await TestFolder.CreateAsync("flush");
        var file = Path.Combine(home.Path, "linked");
        await File.WriteAllTextAsync(file, "weights", TestContext.Current.CancellationToken);
        File.SetAttributes(file, FileAttributes.ReadOnly);
        DurableFolder.Flush(home.Path);
        Assert.Equal("weights", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        File.SetAttributes(file, FileAttributes.Normal);
        Assert.ThrowsAny<IOException>(() => DurableFolder.Flush(Path.Combine(home.Path, "no-such")));
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
