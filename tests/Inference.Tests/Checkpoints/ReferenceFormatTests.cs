using System.Numerics.Tensors;
using System.Text.Json;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Checkpoints;

/// <summary>Whole models in every form that weights are published in, against logits of what the files store exactly.</summary>
public sealed class ReferenceFormatTests
{
    private const string Formats = "models/formats";

    public static TheoryData<string> Folders => [.. Found().DefaultIfEmpty("none")];

    private static IEnumerable<string> Found() => SharedData.Find(Formats) is { } root
        ? Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)
        : [];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_and_greedy_tokens_equal_the_reference(string name)
    {
        var root = SharedData.Find(Formats);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Formats));
        using var built = new TemporaryFolder();
        var folder = Path.Combine(root, name);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));
        var reference = json.RootElement;
        var options = new LoadOptions(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1)
        {
            Build = new() { Home = built.Path, BaseFolder = reference.TryGetProperty("base", out var from) ? Path.Combine(root, Path.GetFileName(from.GetString() ?? "")) : null },
        };
        if (reference.TryGetProperty("expect", out _))
        {
            Assert.Contains("pickle", Assert.Throws<ModelRefusedException>(() => LoadedModel.Load(folder, options)).Message, StringComparison.Ordinal);
            return;
        }
        using var model = LoadedModel.Load(folder, options);
        foreach (var prompt in reference.GetProperty("prompts").EnumerateArray())
        {
            var (ids, want) = (Ids(prompt, "ids"), prompt.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle()).ToArray());
            model.Decoder.Truncate(0, 0);
            var difference = new float[want.Length];
            TensorPrimitives.Subtract(want, model.Decoder.Append(0, ids, TestContext.Current.CancellationToken), difference);
            Assert.InRange(Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)), 0, 2e-4);
            var greedy = Ids(prompt, "greedy");
            var text = new Continuation(new(ids, Sampling.Greedy) { MaxNewTokens = greedy.Length, EndIds = model.Package.Defaults.EndIds }, tokenizer: null, TestContext.Current.CancellationToken);
            var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
            batch.Add(text);
            batch.Run();
            Assert.Equal(greedy, text.Ids);
        }
    }

    private static int[] Ids(JsonElement holder, string name) => [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
