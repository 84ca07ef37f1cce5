using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Checkpoints;

/// <summary>Adapters of two by three numbers, merged by hand.</summary>
public sealed class AdapterTests
{
    private static readonly float[] _weight = [1, 2, 3, 4, 5, 6]; // [2, 3]
    private static readonly float[] _down = [1, 0, 2]; // [1, 3]
    private static readonly float[] _up = [10, 20]; // [2, 1]

    [Theory]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":2}""", 2)]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":2,"alpha_pattern":{"q_proj":3}}""", 3)]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":2,"alpha_pattern":{"proj":3}}""", 2)]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":2,"alpha_pattern":{"layers\\.[0-1]\\.q_proj":5,"q_proj":3}}""", 5)]
    [InlineData("""{"peft_type":"LORA","r":4,"lora_alpha":2,"rank_pattern":{"layers.0.q_proj":1}}""", 2)]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":2,"use_rslora":true}""", 2)]
    public void The_difference_is_added_as_strongly_as_the_patterns_say(string settings, float scale)
    {
        using var folder = Adapter(settings, ("base_model.model.model.layers.0.q_proj.lora_A.weight", [1, 3], _down), ("base_model.model.model.layers.0.q_proj.lora_B.weight", [2, 1], _up));
        using var plain = Base();
        using var checkpoint = Checkpoint.Open(folder.Path, plain.Path);
        var rows = new float[3];
        checkpoint.Read("model.layers.0.q_proj.weight", 1, rows);
        Assert.Equal([4 + scale * 20, 5, 6 + scale * 40], rows);
        Assert.Equal([1f, 2f], All(checkpoint, "model.norm.weight"));
        Assert.Null(checkpoint.Raw("model.layers.0.q_proj.weight"));
    }

    [Fact]
    public void A_rank_stabilised_adapter_divides_by_the_root()
    {
        using var folder = Adapter("""{"peft_type":"LORA","r":4,"lora_alpha":6,"use_rslora":true}""",
            ("base_model.model.model.layers.0.q_proj.lora_A.weight", [4, 3], [.. _down, .. new float[9]]), ("base_model.model.model.layers.0.q_proj.lora_B.weight", [2, 4], [10, 0, 0, 0, 20, 0, 0, 0]));
        using var plain = Base();
        using var checkpoint = Checkpoint.Open(folder.Path, plain.Path);
        Assert.Equal([1 + 30, 2, 3 + 60, 4 + 60, 5, 6 + 120], All(checkpoint, "model.layers.0.q_proj.weight"));
    }

    [Fact]
    public void Magnitudes_scale_every_output()
    {
        using var folder = Adapter("""{"peft_type":"LORA","r":1,"lora_alpha":1,"use_dora":true}""", ("base_model.model.model.layers.0.q_proj.lora_A.weight", [1, 3], [0, 0, 0]),
            ("base_model.model.model.layers.0.q_proj.lora_B.weight", [2, 1], _up), ("base_model.model.model.layers.0.q_proj.lora_magnitude_vector", [2], [1, 2]));
        using var plain = Base();
        using var checkpoint = Checkpoint.Open(folder.Path, plain.Path);
        var merged = All(checkpoint, "model.layers.0.q_proj.weight");
        Assert.Equal(1, MathF.Sqrt(merged[..3].Sum(value => value * value)), 1e-6f);
        Assert.Equal(2, MathF.Sqrt(merged[3..].Sum(value => value * value)), 1e-6f);
        Assert.Equal(2, merged[1] / merged[0], 1e-6f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_that_lie_the_other_way_are_merged_the_other_way(bool magnitudes)
    {
        List<(string, long[], float[])> tensors = [("base_model.model.model.layers.0.q_proj.lora_A.weight", [1, 2], [1, 2]), ("base_model.model.model.layers.0.q_proj.lora_B.weight", [3, 1], [10, 20, 30])];
        if (magnitudes) tensors.Add(("base_model.model.model.layers.0.q_proj.lora_magnitude_vector", [3], [1, 2, 3]));
        using var folder = Adapter($$"""{"peft_type":"LORA","r":1,"lora_alpha":1,"fan_in_fan_out":true,"use_dora":{{(magnitudes ? "true" : "false")}}}""", [.. tensors]);
        using var plain = Base();
        using var checkpoint = Checkpoint.Open(folder.Path, plain.Path);
        float[] want = [11, 22, 33, 24, 45, 66];
        if (magnitudes)
            for (var output = 0; output < 3; output++)
            {
                var norm = MathF.Sqrt(want[output] * want[output] + want[output + 3] * want[output + 3]);
                (want[output], want[output + 3]) = (want[output] * (output + 1) / norm, want[output + 3] * (output + 1) / norm);
            }
        var got = All(checkpoint, "model.layers.0.q_proj.weight");
        for (var i = 0; i < want.Length; i++) Assert.Equal(want[i], got[i], 1e-5f);
    }

    [Fact]
    public void Embeddings_that_change_are_no_longer_the_head()
    {
        using var folder = Adapter("""{"peft_type":"LORA","r":1,"lora_alpha":1}""", ("base_model.model.model.embed_tokens.lora_embedding_A", [1, 4], [1, 0, 0, 2]), ("base_model.model.model.embed_tokens.lora_embedding_B", [2, 1], [10, 20]));
        using var plain = Base();
        using var checkpoint = Checkpoint.Open(folder.Path, plain.Path);
        Assert.Equal([10f, 21f, 2f, 3f, 4f, 5f, 26f, 47f], All(checkpoint, "model.embed_tokens.weight"));
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f], All(checkpoint, "lm_head.weight"));
        Assert.False(checkpoint.Config.GetProperty("tie_word_embeddings").GetBoolean());
    }

    [Fact]
    public void Modules_that_are_brought_whole_replace_those_of_the_base_and_may_know_more_tokens()
    {
        using var folder = Adapter("""{"peft_type":"LORA","r":1,"lora_alpha":1,"modules_to_save":["embed_tokens","lm_head"]}""",
            ("base_model.model.model.embed_tokens.weight", [5, 2], new float[10]), ("base_model.model.lm_head.weight", [5, 2], [.. Enumerable.Repeat(7f, 10)]));
        using var plain = Base();
        using var checkpoint = Checkpoint.Open(folder.Path, plain.Path);
        Assert.Equal(new float[10], All(checkpoint, "model.embed_tokens.weight"));
        Assert.Equal(Enumerable.Repeat(7f, 10), All(checkpoint, "lm_head.weight"));
        Assert.Equal(5, checkpoint.Config.GetProperty("vocab_size").GetInt32());
    }

    [Fact]
    public void The_base_is_found_beside_the_adapter()
    {
        using var plain = Base();
        using var folder = Adapter($$"""{"peft_type":"LORA","r":1,"lora_alpha":1,"base_model_name_or_path":"../{{Path.GetFileName(plain.Path)}}"}""",
            ("base_model.model.model.layers.0.q_proj.lora_A.weight", [1, 3], _down), ("base_model.model.model.layers.0.q_proj.lora_B.weight", [2, 1], _up));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(11, All(checkpoint, "model.layers.0.q_proj.weight")[0]);
    }

    [Theory]
    [InlineData("""{"peft_type":"IA3","r":1,"lora_alpha":1}""", "of the kind \"IA3\"")]
    [InlineData("""{"peft_type":"LORA","lora_alpha":1}""", "\"r\"")]
    [InlineData("""{"peft_type":"LORA","r":0,"lora_alpha":1}""", "\"r\"")]
    [InlineData("""{"peft_type":"LORA","r":1}""", "\"lora_alpha\"")]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":1e300}""", "\"lora_alpha\"")]
    [InlineData("""{"peft_type":"LORA","r":2,"lora_alpha":1}""", "does not fit")]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":1,"use_dora":true}""", "lacks a magnitude")]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":1,"target_parameters":["experts"]}""", "target_parameters")]
    [InlineData("""{"peft_type":"LORA","r":1,"lora_alpha":1,"rank_pattern":{"(q":1}}""", "pattern")]
    public void Settings_that_cannot_be_or_are_not_known_are_refused(string settings, string why)
    {
        using var folder = Adapter(settings, ("base_model.model.model.layers.0.q_proj.lora_A.weight", [1, 3], _down), ("base_model.model.model.layers.0.q_proj.lora_B.weight", [2, 1], _up));
        using var plain = Base();
        Assert.Contains(why, Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path, plain.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base_model.model.model.layers.1.q_proj", 1, 3, "which its base does not have")]
    [InlineData("base_model.model.model.layers.0.q_proj", 1, 4, "does not fit")]
    public void An_adapter_of_another_base_is_refused(string module, int rank, int inputs, string why)
    {
        using var folder = Adapter("""{"peft_type":"LORA","r":1,"lora_alpha":1,"base_model_name_or_path":"owner/name"}""", ($"{module}.lora_A.weight", [rank, inputs], new float[rank * inputs]), ($"{module}.lora_B.weight", [2, rank], new float[2 * rank]));
        using var plain = Base();
        Assert.Contains(why, Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path, plain.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("--base", Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Adapter(string settings, params (string Name, long[] Shape, float[] Numbers)[] tensors)
    {
        var folder = new TemporaryFolder();
        folder.Write("adapter_config.json", settings);
        folder.Safetensors("adapter_model.safetensors", [.. tensors.Select(tensor => (tensor.Name, "F32", tensor.Shape, Bytes(tensor.Numbers)))]);
        return folder;
    }

    private static TemporaryFolder Base()
    {
        var folder = new TemporaryFolder();
        folder.Write("config.json", """{"model_type":"toy","tie_word_embeddings":true,"vocab_size":4}""");
        folder.Safetensors("model.safetensors", ("model.layers.0.q_proj.weight", "F32", [2, 3], Bytes(_weight)), ("model.norm.weight", "F32", [2], Bytes([1, 2])),
            ("model.embed_tokens.weight", "F32", [4, 2], Bytes([0, 1, 2, 3, 4, 5, 6, 7])));
        return folder;
    }

    private static float[] All(ICheckpoint checkpoint, string name)
    {
        var weight = checkpoint.Get(name);
        var numbers = new float[weight.Rows * weight.RowLength];
        weight.Read(0, numbers);
        return numbers;
    }

    private static byte[] Bytes(float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
