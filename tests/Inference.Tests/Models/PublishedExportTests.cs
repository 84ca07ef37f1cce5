using System.Numerics.Tensors;
using System.Text.Json;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Models;

/// <summary>Exports made with the tools that people publish with, against what ONNX Runtime itself gave on the same files.</summary>
public sealed class PublishedExportTests
{
    private const string Exports = "models/exports";
    private const string Stories = "models/stories260K";

    public static TheoryData<string> Folders => [.. Found().DefaultIfEmpty("none")];

    private static IEnumerable<string> Found() => SharedData.Find(Exports) is { } root
        ? Directory.GetDirectories(root).Where(folder => File.Exists(Path.Combine(folder, "reference.json"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)
        : [];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Logits_and_greedy_tokens_equal_the_reference(string name)
    {
        var root = SharedData.Find(Exports);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Exports));
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, name, "reference.json")));
        var prompts = reference.RootElement.GetProperty("prompts").EnumerateArray().ToList();
        using var model = LoadedModel.Load(Path.Combine(root, name), new(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1));
        foreach (var prompt in prompts)
        {
            var (ids, want) = (Ids(prompt, "ids"), prompt.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle()).ToArray());
            model.Decoder.Truncate(0, 0);
            var got = model.Decoder.Append(0, ids, TestContext.Current.CancellationToken);
            var worst = TensorPrimitives.MaxMagnitude<float>(Difference(want, got[..want.Length])) / Math.Abs(TensorPrimitives.MaxMagnitude<float>(want));
            Assert.InRange(Math.Abs(worst), 0, 0.02);
            var sure = prompt.GetProperty("margins").EnumerateArray().TakeWhile(margin => margin.GetDouble() >= 0.005).Count();
            var greedy = Ids(prompt, "greedy").Take(sure).TakeWhile(id => !model.Package.Defaults.EndIds.Contains(id)).ToArray();
            Assert.Equal(greedy, Greedy(model, ids, 16).Take(greedy.Length));
        }
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model_fp16.onnx")]
    [InlineData("model_gqa.onnx")]
    [InlineData("model_q4.onnx")]
    [InlineData("model_q8.onnx")]
    [InlineData("model_quantized.onnx")]
    public void A_trained_story_model_tells_the_stories_of_the_reference(string file)
    {
        var root = SharedData.Find(Stories);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Stories));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "expected-generation.json")));
        using var model = LoadedModel.Load(Path.Combine(root, "onnx", file), new(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1) { WholeLogits = true });
        var exact = file is "model.onnx" or "model_fp16.onnx" or "model_gqa.onnx";
        foreach (var story in expected.RootElement.GetProperty(file).EnumerateArray())
        {
            var (prompt, ids) = (Ids(story, "prompt_ids"), Ids(story, "ids"));
            if (exact) Assert.Equal(ids[prompt.Length..], Greedy(model, prompt, ids.Length - prompt.Length));
            // Kernels of small integers differ from CPU to CPU: what the reference told has to be likely, not the only way to go on.
            else Assert.InRange(-Likelihood.Of(model.Decoder, ids, TestContext.Current.CancellationToken).Skip(prompt.Length - 1).Average(), 0, 1.5); // a guess would be 6.2
        }
    }

    [Fact]
    public void A_graph_for_the_gpu_alone_is_refused_with_that_reason()
    {
        var root = SharedData.Find(Exports);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Exports));
        var refused = Assert.Throws<ModelRefusedException>(() => LoadedModel.Load(Path.Combine(root, "builder-qwen3-fp16-cuda"), new(Device: DeviceWish.Cpu)));
        Assert.Contains("only the CUDA and WebGPU kernels do", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_chooses_its_rotary_table_by_length_reads_the_text_again_when_it_changes()
    {
        var root = SharedData.Find($"{Exports}/builder-phi3-longrope-fp32-cpu");
        Assert.SkipWhen(root is null, SharedData.SkipMessage(Exports));
        using var model = LoadedModel.Load(root, new(WeightsWish.Stored, DeviceWish.Cpu, Threads: 1));
        int[] text = [.. Enumerable.Range(3, 40)]; // the table changes above 32 tokens
        var whole = model.Decoder.Append(0, text, TestContext.Current.CancellationToken).ToArray();
        model.Decoder.Truncate(0, 0);
        for (var i = 0; i < 39; i++) model.Decoder.Append(0, text.AsSpan(i, 1), TestContext.Current.CancellationToken);
        var stepped = model.Decoder.Append(0, text.AsSpan(39), TestContext.Current.CancellationToken);
        Assert.InRange(Math.Abs(TensorPrimitives.MaxMagnitude<float>(Difference(whole, stepped))), 0, 1e-4f * Math.Abs(TensorPrimitives.MaxMagnitude<float>(whole)));
        Assert.False(model.Decoder.CanBatch);
    }

    private static List<int> Greedy(LoadedModel model, int[] prompt, int count)
    {
        var text = new Continuation(new(prompt, Sampling.Greedy) { MaxNewTokens = count, EndIds = model.Package.Defaults.EndIds }, tokenizer: null, TestContext.Current.CancellationToken);
        var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
        batch.Add(text);
        batch.Run();
        return [.. text.Ids];
    }

    private static float[] Difference(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var difference = new float[one.Length];
        TensorPrimitives.Subtract(one, other, difference);
        return difference;
    }

    private static int[] Ids(JsonElement holder, string name) => [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
