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
    public void Logits_and_greedy_tokens_equal_the_reference(string name) => Run(name, WeightsWish.Stored, (model, prompts) =>
    {
        foreach (var prompt in prompts)
        {
            var (ids, want) = (Ids(prompt, "ids"), Logits(prompt));
            var difference = Difference(want, Read(model, ids));
            var worst = Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)) / Math.Abs(TensorPrimitives.MaxMagnitude<float>(want));
            Assert.True(worst <= 2e-4, $"prompt of {ids.Length}: {worst:0.0e+0} of the largest logit");
            var sure = prompt.GetProperty("margins").EnumerateArray().TakeWhile(margin => margin.GetDouble() >= 0.005).Count();
            var greedy = Ids(prompt, "greedy").Take(sure).TakeWhile(id => !model.Package.Defaults.EndIds.Contains(id)).ToArray();
            Assert.Equal(greedy, Greedy(model, ids, 16).Take(greedy.Length));
        }
    });

    /// <summary>Random weights as small as these lose much more than trained ones, most of all where another expert is chosen; a wrong layout would lose everything.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Eight_bits_stay_near_the_reference(string name) => Run(name, WeightsWish.EightBit, (model, prompts) =>
    {
        var (off, all) = (0.0, 0.0);
        foreach (var prompt in prompts)
        {
            var want = Logits(prompt);
            off += TensorPrimitives.SumOfSquares<float>(Difference(want, Read(model, Ids(prompt, "ids"))));
            all += TensorPrimitives.SumOfSquares<float>(want);
        }
        Assert.InRange(Math.Sqrt(off / all), 1e-6, 0.2);
    });

    private static void Run(string name, WeightsWish weights, Action<LoadedModel, IReadOnlyList<JsonElement>> check)
    {
        var root = SharedData.Find(Architectures);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Architectures));
        var (folder, home) = (Path.Combine(root, name), Directory.CreateTempSubdirectory("built-").FullName);
        try
        {
            using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));
            using var model = LoadedModel.Load(folder, new(weights, DeviceWish.Cpu, Threads: 1) { Build = new() { Home = home } });
            check(model, [.. reference.RootElement.GetProperty("prompts").EnumerateArray()]);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static float[] Read(LoadedModel model, int[] ids)
    {
        model.Decoder.Truncate(0, 0);
        return model.Decoder.Append(0, ids, TestContext.Current.CancellationToken).ToArray();
    }

    private static float[] Difference(float[] one, float[] other)
    {
        var difference = new float[one.Length];
        TensorPrimitives.Subtract(one, other, difference);
        return difference;
    }

    private static float[] Logits(JsonElement prompt) => [.. prompt.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];

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
