using System.Numerics.Tensors;
using System.Text.Json;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Architectures;

/// <summary>Graphs built from the published weights of one small model a family, against what the families' own program computes.</summary>
public sealed class ReferenceArchitectureTests
{
    private const string Architectures = "models/architectures";

    public static TheoryData<string> Folders => [.. Found().DefaultIfEmpty("none")];

    private static IEnumerable<string> Found() => SharedData.Find(Architectures) is { } root
        ? Directory.GetDirectories(root).Where(folder => File.Exists(Path.Combine(folder, "reference.json"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)
        : [];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_and_greedy_tokens_equal_the_reference(string name) => Compare(name, WeightsWish.Stored, 2e-4);

    /// <summary>Random weights as small as these lose much more than trained ones; a wrong layout would lose everything.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Eight_bits_stay_near_the_reference(string name) => Compare(name, WeightsWish.EightBit, 0.1);

    private static void Compare(string name, WeightsWish weights, double most)
    {
        var root = SharedData.Find(Architectures);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Architectures));
        var home = Directory.CreateTempSubdirectory("built-").FullName;
        try
        {
            Compare(Path.Combine(root, name), home, weights, most);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static void Compare(string folder, string home, WeightsWish weights, double most)
    {
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));
        using var model = LoadedModel.Load(folder, new(weights, DeviceWish.Cpu, Threads: 1) { Build = new() { Home = home } });
        foreach (var prompt in reference.RootElement.GetProperty("prompts").EnumerateArray())
        {
            var (ids, want) = (Ids(prompt, "ids"), prompt.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle()).ToArray());
            model.Decoder.Truncate(0, 0);
            var got = model.Decoder.Append(0, ids, TestContext.Current.CancellationToken).ToArray();
            var difference = new float[want.Length];
            TensorPrimitives.Subtract(want, got, difference);
            var worst = Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)) / Math.Abs(TensorPrimitives.MaxMagnitude<float>(want));
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(folder)} {weights} {ids.Length} {worst:0.000000}");
            Assert.True(worst <= most, $"prompt of {ids.Length}: {worst:0.0e+0} of the largest logit");
            if (weights != WeightsWish.Stored) continue;
            var sure = prompt.GetProperty("margins").EnumerateArray().TakeWhile(margin => margin.GetDouble() >= 0.005).Count();
            var greedy = Ids(prompt, "greedy").Take(sure).TakeWhile(id => !model.Package.Defaults.EndIds.Contains(id)).ToArray();
            Assert.Equal(greedy, Greedy(model, ids, 16).Take(greedy.Length));
        }
    }

    private static List<int> Greedy(LoadedModel model, int[] prompt, int count)
    {
        var text = new Continuation(new(prompt, Sampling.Greedy) { MaxNewTokens = count, EndIds = model.Package.Defaults.EndIds }, tokenizer: null, TestContext.Current.CancellationToken);
        var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
        batch.Add(text);
        batch.Run();
        return [.. text.Ids];
    }

    private static int[] Ids(JsonElement holder, string name) => [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
