using System.Text.Json.Nodes;
using ModelAtlas.Inference.Architectures.Building;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Architectures.Families;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Architectures;

/// <summary>What is not understood is refused by name, in one sentence, and never computed as something else.</summary>
public sealed class RefusedConfigurationTests : IDisposable
{
    private const int Width = 32;
    private const int Vocabulary = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("refused-").FullName;
    private readonly JsonObject _config = new()
    {
        ["model_type"] = "llama",
        ["hidden_size"] = Width,
        ["intermediate_size"] = 64,
        ["num_hidden_layers"] = 1,
        ["num_attention_heads"] = 2,
        ["num_key_value_heads"] = 1,
        ["vocab_size"] = Vocabulary,
        ["max_position_embeddings"] = 64,
        ["rms_norm_eps"] = 1e-5,
        ["torch_dtype"] = "float32",
    };

    private readonly Dictionary<string, long[]> _tensors = new()
    {
        ["model.embed_tokens.weight"] = [Vocabulary, Width],
        ["lm_head.weight"] = [Vocabulary, Width],
        ["model.norm.weight"] = [Width],
        ["model.layers.0.input_layernorm.weight"] = [Width],
        ["model.layers.0.post_attention_layernorm.weight"] = [Width],
        ["model.layers.0.self_attn.q_proj.weight"] = [Width, Width],
        ["model.layers.0.self_attn.k_proj.weight"] = [16, Width],
        ["model.layers.0.self_attn.v_proj.weight"] = [16, Width],
        ["model.layers.0.self_attn.o_proj.weight"] = [Width, Width],
        ["model.layers.0.mlp.gate_proj.weight"] = [64, Width],
        ["model.layers.0.mlp.up_proj.weight"] = [64, Width],
        ["model.layers.0.mlp.down_proj.weight"] = [Width, 64],
    };

    [Fact]
    public void What_is_understood_is_described()
    {
        using var checkpoint = Open();
        var decoder = Family.Describe(checkpoint);
        Assert.Equal((1, Width, 64), (decoder.Layers.Count, decoder.Width, decoder.Context));
    }

    [Theory]
    [InlineData("""{"model_type":"wonder"}""", "\"wonder\", which has no description here; known are apertus")]
    [InlineData("""{"model_type":null}""", "does not say its model_type")]
    [InlineData("""{"attention_twist":3}""", "sets \"attention_twist\", which this engine does not know")]
    [InlineData("""{"hidden_act":"snake"}""", "sets hidden_act to \"snake\"")]
    [InlineData("""{"rope_scaling":{"type":"spiral","factor":2}}""", "sets rope_type to \"spiral\"")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":2,"twist":1}}""", "sets \"twist\"")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":-2}}""", "gives factor as a number that cannot be")]
    [InlineData("""{"rope_theta":0}""", "sets rope_theta to \"0\"")]
    [InlineData("""{"hidden_size":99999999999}""", "gives hidden_size as \"99999999999\", which cannot be")]
    [InlineData("""{"hidden_size":-32}""", "gives hidden_size as \"-32\"")]
    [InlineData("""{"hidden_size":"32"}""", "gives hidden_size as \"32\"")]
    [InlineData("""{"num_hidden_layers":1000000}""", "sets num_hidden_layers to \"1000000\"")]
    [InlineData("""{"num_attention_heads":5}""", "sets num_attention_heads to \"5 for a width of 32\"")]
    [InlineData("""{"vocab_size":null}""", "does not say vocab_size")]
    [InlineData("""{"intermediate_size":48}""", "\"model.layers.0.mlp.gate_proj.weight\" is [64, 32], but the configuration wants [48, 32]")]
    [InlineData("""{"attention_bias":true}""", "lack \"model.layers.0.self_attn.q_proj.bias\"")]
    [InlineData("""{"num_key_value_heads":2}""", "\"model.layers.0.self_attn.k_proj.weight\" is [16, 32], but the configuration wants [32, 32]")]
    public void A_setting_that_is_not_understood_is_named(string change, string expected)
    {
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) _config[name] = value?.DeepClone();
        Assert.Contains(expected, Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_missing_turned_or_not_known_is_named()
    {
        _tensors["model.layers.0.mlp.down_proj.weight"] = [64, Width];
        Assert.Contains("\"model.layers.0.mlp.down_proj.weight\" is [64, 32], but the configuration wants [32, 64]: it is stored the wrong way round", Refused(), StringComparison.Ordinal);
        _tensors.Remove("model.layers.0.mlp.down_proj.weight");
        Assert.Contains("lack \"model.layers.0.mlp.down_proj.weight\"", Refused(), StringComparison.Ordinal);
        _tensors["model.layers.0.mlp.down_proj.weight"] = [Width, 64];
        _tensors["model.layers.0.mlp.side_proj.weight"] = [Width, 64];
        Assert.Contains("hold \"model.layers.0.mlp.side_proj.weight\", which this kind of model does not have", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_newer_configurations_mean_the_same()
    {
        _config["dtype"] = "float32";
        _config["rope_parameters"] = JsonNode.Parse("""{"rope_type":"linear","factor":4.0,"rope_theta":500000.0}""");
        RotaryDescription rotary;
        using (var newer = Open()) rotary = Family.Describe(newer).Layers[0].Attention!.Rotary!;
        _config.Remove("rope_parameters");
        _config["rope_theta"] = 500000.0;
        _config["rope_scaling"] = JsonNode.Parse("""{"type":"linear","factor":4.0}""");
        using var older = Open();
        Assert.Equal(Family.Describe(older).Layers[0].Attention!.Rotary!.Key, rotary.Key);
        Assert.Equal(0.25, rotary.Frequencies[0]);
    }

    [Fact]
    public void A_broken_off_file_is_gone_on_with_and_ends_as_a_whole_one()
    {
        using var checkpoint = Open();
        var (whole, broken) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "broken"));
        new ModelBuilder(checkpoint, BuiltPrecision.Int4).WriteData(whole, null, TestContext.Current.CancellationToken);
        var bytes = File.ReadAllBytes(whole);
        foreach (var length in new[] { 0, 1, bytes.Length / 3, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(broken, bytes[..length]);
            new ModelBuilder(checkpoint, BuiltPrecision.Int4).WriteData(broken, null, TestContext.Current.CancellationToken);
            Assert.Equal(bytes, File.ReadAllBytes(broken));
        }
    }

    [Fact]
    public void A_graph_is_built_once_and_again_when_its_weights_change()
    {
        using (Open()) { }
        var options = new LoadOptions(WeightsWish.FourBit, DeviceWish.Cpu) { Build = new() { Home = Path.Combine(_folder, "built") } };
        var ready = ModelPackage.Ready(_folder, options);
        var written = File.GetLastWriteTimeUtc(Path.Combine(ready, "model.onnx"));
        Assert.Equal(ready, ModelPackage.Ready(_folder, options));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(ready, "model.onnx")));
        Assert.NotEqual(ready, ModelPackage.Ready(_folder, options with { Weights = WeightsWish.EightBit }));
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "model.safetensors"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        Assert.NotEqual(ready, ModelPackage.Ready(_folder, options));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.Combine(_folder, "built")), entry => entry.EndsWith(".partial", StringComparison.Ordinal) || entry.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void Graphs_unasked_the_longest_leave_when_there_are_too_many()
    {
        using (Open()) { }
        var options = new LoadOptions(WeightsWish.FourBit, DeviceWish.Cpu) { Build = new() { Home = Path.Combine(_folder, "built"), QuotaBytes = 1 } };
        var first = ModelPackage.Ready(_folder, options);
        var second = ModelPackage.Ready(_folder, options with { Weights = WeightsWish.EightBit });
        Assert.Equal([second], Directory.GetDirectories(Path.Combine(_folder, "built")));
        Assert.False(Directory.Exists(first));
    }

    [Fact]
    public void What_is_only_looked_at_is_not_built()
    {
        using (Open()) { }
        var home = Path.Combine(_folder, "built");
        var (_, package) = LoadedModel.Examine(_folder, new(WeightsWish.EightBit, DeviceWish.Cpu) { Build = new() { Home = home, OnlyLooks = true } });
        Assert.StartsWith("int8", package.Weights, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refused()
    {
        using var checkpoint = Open();
        var message = Assert.Throws<ModelRefusedException>(() => Family.Describe(checkpoint)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private ICheckpoint Open()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), _config.ToJsonString());
        var random = new Random(1);
        SafetensorsFile.Write(Path.Combine(_folder, "model.safetensors"), half: false, [.. _tensors.Select(pair => (pair.Key, (IReadOnlyList<long>)pair.Value))], (_, numbers) =>
        {
            foreach (ref var number in numbers.AsSpan()) number = (float)(random.NextDouble() - 0.5);
        });
        return Checkpoint.Open(_folder);
    }
}
