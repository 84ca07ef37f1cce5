using System.Text.Json;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Architectures;

/// <summary>What rounding weights costs, on texts of known likelihood.</summary>
public sealed class BuiltPrecisionTests
{
    private const string Chat = "models/smollm2-135m-instruct";

    [Theory]
    [InlineData(WeightsWish.Stored, 0.0005)]
    [InlineData(WeightsWish.EightBit, 0.005)]
    [InlineData(WeightsWish.FourBit, 0.05)]
    [InlineData(WeightsWish.Auto, 0.05)]
    public void Stored_blocks_carried_over_lose_next_to_nothing(WeightsWish weights, double most)
    {
        var root = SharedData.Find(Chat);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Chat));
        Compare(root, root, weights, most);
    }

    [Theory]
    [InlineData(WeightsWish.Stored, 0.0005)]
    [InlineData(WeightsWish.EightBit, 0.005)]
    [InlineData(WeightsWish.FourBit, 0.05)]
    public void Rounded_weights_keep_a_text_about_as_likely(WeightsWish weights, double most)
    {
        var root = SharedData.Find(Chat);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Chat));
        var folder = Directory.CreateTempSubdirectory("plain-").FullName;
        try
        {
            using (var checkpoint = Checkpoint.Open(root)) SafetensorsFile.Write(checkpoint, folder, half: false);
            Compare(root, folder, weights, most);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string root, string folder, WeightsWish weights, double most)
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "reference.json")));
        var home = Directory.CreateTempSubdirectory("built-").FullName;
        try
        {
            using var model = LoadedModel.Load(folder, new(weights, DeviceWish.Cpu) { WholeLogits = true, Build = new() { Home = home } });
            foreach (var text in reference.RootElement.GetProperty("nll").EnumerateArray())
            {
                model.Decoder.Truncate(0, 0);
                int[] ids = [.. text.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
                var likelihood = -Likelihood.Of(model.Decoder, ids, TestContext.Current.CancellationToken).Average(value => (double)value);
                var loss = likelihood / text.GetProperty("mean").GetDouble() - 1;
                TestContext.Current.TestOutputHelper?.WriteLine($"{weights} {text.GetProperty("name").GetString()} {loss:+0.000%;-0.000%}");
                Assert.InRange(loss, weights == WeightsWish.Stored ? -most : -0.05, most);
            }
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
