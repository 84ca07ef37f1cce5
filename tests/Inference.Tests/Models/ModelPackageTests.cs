using System.Diagnostics;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Models;

public sealed class ModelPackageTests
{
    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/weights.bin")]
    [InlineData("sub\\weights.bin")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("C:weights.bin")]
    [InlineData("https://example.org/w.bin")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    [InlineData("weights.bin\0.txt")]
    [InlineData(".hidden")]
    [InlineData("a\nb")]
    public void INF_01_External_data_outside_the_folder_is_refused_whatever_hides_it(string location)
    {
        foreach (var place in new[] { "initialiser", "branch" })
        {
            using var toy = ToyModel.Create(more: graph =>
            {
                if (place == "initialiser") graph.External("w", location);
                else graph.Node("If", ["c"], ["o"], "", OnnxWriter.Graph("then_branch", new OnnxWriter().External("w", location)));
            });
            Refused(toy.Folder, "no plain file name");
        }
    }

    [Fact]
    public void DL_12_External_data_must_be_there_and_reach_as_far_as_the_graph_reads()
    {
        using var toy = ToyModel.Create(more: graph => graph.External("w", "weights.bin", "0", "16"));
        Refused(toy.Folder, "needs weights.bin beside it, which is missing");
        File.WriteAllBytes(Path.Combine(toy.Folder, "weights.bin"), new byte[15]);
        Refused(toy.Folder, "reads beyond the end of weights.bin");
        File.WriteAllBytes(Path.Combine(toy.Folder, "weights.bin"), new byte[16]);
        ModelPackage.Open(toy.Folder);
        File.Delete(Path.Combine(toy.Folder, "weights.bin"));
        var outside = Path.Combine(Path.GetTempPath(), $"outside-{Guid.NewGuid():n}");
        File.WriteAllBytes(outside, new byte[16]);
        File.CreateSymbolicLink(Path.Combine(toy.Folder, "weights.bin"), outside);
        Refused(toy.Folder, "is a link");
        File.Delete(outside);
    }

    [Theory]
    [InlineData("18446744073709551615", "16")]
    [InlineData("-1", "16")]
    [InlineData("0", "18446744073709551600")]
    [InlineData("9223372036854775800", "9223372036854775800")]
    [InlineData("x", null)]
    public void External_data_with_an_absurd_place_is_refused(string offset, string? length)
    {
        using var toy = ToyModel.Create(more: graph => graph.External("w", "weights.bin", offset, length));
        File.WriteAllBytes(Path.Combine(toy.Folder, "weights.bin"), new byte[16]);
        Refused(toy.Folder, "");
    }

    [Fact]
    public void Broken_bytes_are_no_model_and_never_more_than_that()
    {
        using var toy = ToyModel.Create();
        var path = Path.Combine(toy.Folder, "model.onnx");
        var sound = File.ReadAllBytes(path);
        var random = new Random(7);
        for (var i = 0; i < 400; i++)
        {
            var broken = (byte[])sound.Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, random.Next(4) == 0 ? broken[..random.Next(1, broken.Length)] : broken);
            try
            {
                ModelPackage.Open(toy.Folder);
            }
            catch (ModelRefusedException refused)
            {
                Assert.DoesNotContain('\n', refused.Message);
            }
        }
    }

    [Fact]
    public void Graphs_nested_beyond_reason_are_refused()
    {
        var graph = new OnnxWriter();
        for (var depth = 0; depth < 2000; depth++) graph = new OnnxWriter().Node("If", ["c"], ["o"], "", OnnxWriter.Graph("then_branch", graph));
        using var toy = ToyModel.Create();
        File.WriteAllBytes(Path.Combine(toy.Folder, "model.onnx"), graph.Model());
        Refused(toy.Folder, "nested deeper than");
    }

    [Fact]
    public void INF_08_End_ids_beyond_the_logits_are_refused_at_load()
    {
        using var toy = ToyModel.Create();
        toy.Write("generation_config.json", new { eos_token_id = new[] { 0, 50 } });
        Refused(toy.Folder, "ends a text with token 50");
    }

    [Fact]
    public void A_graph_that_does_not_match_its_configuration_is_refused()
    {
        var sound = new Dictionary<string, object> { ["num_hidden_layers"] = 1, ["vocab_size"] = ToyModel.Vocabulary };
        foreach (var (key, value, word) in new (string, object, string)[]
                 {
                     ("num_hidden_layers", 2, "layers"), ("num_key_value_heads", 7, "key-value heads"), ("vocab_size", 51, "tokens"),
                     ("max_position_embeddings", -5, "context length"), ("vocab_size", 1L << 60, "vocabulary"), ("hidden_size", 0, "width"),
                 })
        {
            using var toy = ToyModel.Create(config: new Dictionary<string, object>(sound) { [key] = value });
            Refused(toy.Folder, word);
        }
    }

    [Fact]
    public void A_folder_without_a_model_says_what_is_missing()
    {
        using var toy = ToyModel.Create();
        File.Delete(Path.Combine(toy.Folder, "model.onnx"));
        Refused(toy.Folder, "holds no .onnx file");
        Refused(Path.Combine(toy.Folder, "nowhere"), "does not exist");
        File.WriteAllText(Path.Combine(toy.Folder, "config.json"), "{\"a\":");
        Refused(toy.Folder, "is no JSON");
        File.WriteAllText(Path.Combine(toy.Folder, "config.json"), "[]");
        Refused(toy.Folder, "no JSON object");
    }

    [Fact]
    public void A_pipe_in_place_of_a_model_is_refused_without_waiting_for_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no pipes in folders there");
        using var toy = ToyModel.Create();
        var path = Path.Combine(toy.Folder, "model.onnx");
        File.Delete(path);
        using (var made = Process.Start("mkfifo", path)) made.WaitForExit();
        Refused(toy.Folder, "no plain file");
    }

    [Fact]
    public void The_file_is_chosen_by_what_is_in_it()
    {
        using var toy = ToyModel.Create();
        Assert.Equal("fp32 (model.onnx)", ModelPackage.Open(toy.Folder, WeightsWish.Stored).Weights);
        Assert.Contains("has no int4 weights, only fp32 (model.onnx)", Assert.Throws<ModelRefusedException>(() => ModelPackage.Open(toy.Folder, WeightsWish.FourBit)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelRefusedException>(() => ModelPackage.Open(Path.Combine(toy.Folder, "model.onnx"), WeightsWish.EightBit));
        Assert.Equal("fp32 (model.onnx)", ModelPackage.Open(Path.Combine(toy.Folder, "model.onnx")).Weights);
    }

    [Fact]
    public void A_model_that_does_not_fit_shows_the_sum()
    {
        const long Gib = 1L << 30;
        Assert.Null(MemoryPlan.Sentence(Gib, 0, 2 * Gib));
        Assert.Equal(
            "is too large for this machine: weights 8.0 GiB + their arrangement 2.0 GiB + cache 1.0 GiB + work 0.3 GiB = 11.3 GiB, and 4.0 GiB are free: choose a smaller model or --weights int4.",
            MemoryPlan.Sentence(8 * Gib, Gib, 4 * Gib));
    }

    private static void Refused(string folder, string why)
    {
        var message = Assert.Throws<ModelRefusedException>(() => ModelPackage.Open(folder)).Message;
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
