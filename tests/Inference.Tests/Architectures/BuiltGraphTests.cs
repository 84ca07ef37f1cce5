using System.Text.Json;
using ModelAtlas.Inference.Architectures.Building;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Architectures;

/// <summary>How graphs keep what they are built from: pointing into the published file, and in 16 bits for a GPU.</summary>
public sealed class BuiltGraphTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("built-").FullName;

    [Theory]
    [InlineData("models/formats/sharded-fp16")]
    [InlineData("models/formats/lora-base")]
    public void Stored_weights_are_pointed_at_and_not_copied(string name)
    {
        var source = SharedData.Find(name);
        Assert.SkipWhen(source is null, SharedData.SkipMessage(name));
        var folder = Path.Combine(_home, "model");
        Directory.CreateDirectory(folder); // beside the built graph: a disk gives no second name to a file of another disk
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var bytes = Directory.EnumerateFiles(folder, "*.safetensors").Sum(file => new FileInfo(file).Length);
        using var model = LoadedModel.Load(folder, new(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1) { Build = new() { Home = Path.Combine(_home, "built") } });
        Assert.NotEmpty(Directory.EnumerateFiles(model.Package.Folder, "stored-*.weights"));
        Assert.InRange(new FileInfo(Path.Combine(model.Package.Folder, ModelBuilder.DataFile)).Length, 1, bytes / 2);
        Assert.InRange(Worst(model, source), 0, 1e-4);
    }

    [Fact]
    public void Where_no_second_name_can_be_given_the_weights_are_written_anew()
    {
        const string Name = "models/formats/lora-base";
        var source = SharedData.Find(Name);
        Assert.SkipWhen(source is null, SharedData.SkipMessage(Name));
        using var checkpoint = Checkpoint.Open(source);
        var (pointing, copying) = (new ModelBuilder(checkpoint, BuiltPrecision.Stored, links: true), new ModelBuilder(checkpoint, BuiltPrecision.Stored));
        Assert.NotEmpty(pointing.Links);
        Assert.Empty(copying.Links);
        Assert.InRange(copying.DataLength, pointing.DataLength + pointing.LinkedBytes, long.MaxValue);
        using var model = Load(copying, checkpoint);
        Assert.InRange(Worst(model, source), 0, 1e-4);
    }

    [Theory]
    [InlineData("llama3.2")]
    [InlineData("qwen3")]
    [InlineData("phi3-longrope")]
    [InlineData("gpt2")]
    [InlineData("olmo2")]
    public void In_16_bits_logits_stay_near_the_reference(string name)
    {
        var source = SharedData.Find("models/architectures/" + name);
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/architectures"));
        using var checkpoint = Checkpoint.Open(source);
        var builder = new ModelBuilder(checkpoint, BuiltPrecision.Half);
        var graph = OnnxReader.Read(builder.Graph);
        Assert.All(graph.Inputs.Where(input => input.Name.StartsWith("past", StringComparison.Ordinal)), input => Assert.Equal(OnnxType.Half, input.Type));
        Assert.Equal(WeightsKind.Fp16, WeightsChoice.KindOf(graph));
        using var model = Load(builder, checkpoint);
        Assert.InRange(Worst(model, source), 1e-7, 2e-2);
    }

    [Fact]
    public void A_decoder_that_16_bits_do_not_hold_gets_4()
    {
        var source = SharedData.Find("models/architectures/gemma3");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/architectures"));
        using var checkpoint = Checkpoint.Open(source);
        Assert.Equal(WeightsKind.Int4, WeightsChoice.KindOf(OnnxReader.Read(new ModelBuilder(checkpoint, BuiltPrecision.Half).Graph)));
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private LoadedModel Load(ModelBuilder builder, ICheckpoint checkpoint)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, "written")).FullName;
        builder.WriteData(Path.Combine(folder, ModelBuilder.DataFile), null, TestContext.Current.CancellationToken);
        File.WriteAllBytes(Path.Combine(folder, ModelBuilder.GraphFile), builder.Graph);
        File.WriteAllText(Path.Combine(folder, "config.json"), checkpoint.Config.GetRawText());
        return LoadedModel.Load(folder, new(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1));
    }

    /// <summary>The largest difference of a logit, in parts of the largest logit.</summary>
    private static double Worst(LoadedModel model, string source)
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "reference.json")));
        var worst = 0.0;
        foreach (var prompt in reference.RootElement.GetProperty("prompts").EnumerateArray())
        {
            float[] want = [.. prompt.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
            model.Decoder.Truncate(0, 0);
            var got = model.Decoder.Append(0, [.. prompt.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())], TestContext.Current.CancellationToken).ToArray();
            worst = Math.Max(worst, want.Zip(got, (one, other) => Math.Abs(one - other)).Max() / want.Max(Math.Abs));
        }
        return worst;
    }
}
