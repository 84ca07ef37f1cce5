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
        Compare(folder, reference, options);
    }

    public static TheoryData<string, string, string> Converted => new()
    {
        { "llama2", "llama", "" },
        { "llama3", "llama", "" },
        { "mistral", "llama", "attention.sliding_window=16" },
        { "llama-yarn", "llama", "rope.scaling.type=yarn rope.scaling.factor=4.0 rope.scaling.original_context_length=64" },
        { "mixtral", "llama", "" },
        { "qwen2", "qwen2", "" },
        { "qwen3", "qwen3", "" },
        { "qwen2_moe", "qwen2moe", "expert_shared_feed_forward_length=96" },
        { "qwen3_moe", "qwen3moe", "" },
        { "gemma", "gemma", "" },
        { "phi3", "phi3", "attention.sliding_window=17" },
        { "olmo2", "olmo2", "" },
        { "granite", "granite", "attention.scale=0.0625 embedding_scale=3.0 logit_scale=2.0 residual_scale=0.22" },
        { "smollm3", "smollm3", "" },
    };

    /// <summary>What no reference has as GGUF is made one here.</summary>
    [Theory]
    [MemberData(nameof(Converted))]
    public void A_family_comes_back_from_GGUF_as_it_was(string name, string architecture, string settings)
    {
        const string Architectures = "models/architectures";
        var root = SharedData.Find(Architectures);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Architectures));
        using var folder = new TemporaryFolder();
        var more = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=')).Select(pair => ($"ARCH.{pair[0]}",
            long.TryParse(pair[1], out var whole) ? whole : double.TryParse(pair[1], System.Globalization.CultureInfo.InvariantCulture, out var real) ? (object)real : pair[1]));
        GgufWriter.Convert(Path.Combine(root, name), architecture, folder["model.gguf"], [.. more]);
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, name, "reference.json")));
        Compare(folder["model.gguf"], reference.RootElement, new(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1) { Build = new() { Home = folder["built"] } });
    }

    private static void Compare(string path, JsonElement reference, LoadOptions options)
    {
        using var model = LoadedModel.Load(path, options);
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
            var sure = prompt.GetProperty("margins").EnumerateArray().TakeWhile(margin => margin.GetDouble() >= 0.005).Count();
            Assert.Equal(greedy[..sure], text.Ids.Take(sure));
        }
    }

    private static int[] Ids(JsonElement holder, string name) => [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
