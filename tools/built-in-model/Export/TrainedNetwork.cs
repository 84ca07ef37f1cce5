using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelAtlas.Tools.BuiltInModel.Export;

/// <summary>What the training program left: config.json, and parameters.bin with one matrix behind the other.</summary>
internal sealed class TrainedNetwork
{
    private readonly Half[] _parameters;
    private int _read;

    private TrainedNetwork(JsonElement config, Half[] parameters)
    {
        _parameters = parameters;
        (Vocabulary, Width, Layers) = (config.GetProperty("vocab_size").GetInt32(), config.GetProperty("hidden_size").GetInt32(), config.GetProperty("num_hidden_layers").GetInt32());
        (Heads, Inner, Context) = (config.GetProperty("num_attention_heads").GetInt32(), config.GetProperty("intermediate_size").GetInt32(), config.GetProperty("max_position_embeddings").GetInt32());
        (Epsilon, RotaryBase) = (config.GetProperty("rms_norm_eps").GetSingle(), config.GetProperty("rope_theta").GetDouble());
    }

    public int Vocabulary { get; }
    public int Width { get; }
    public int Layers { get; }
    public int Heads { get; }
    public int Inner { get; }
    public int Context { get; }
    public float Epsilon { get; }
    public double RotaryBase { get; }
    public int HeadSize => Width / Heads;

    public static TrainedNetwork Read(string folder)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        return new(config.RootElement, MemoryMarshal.Cast<byte, Half>(File.ReadAllBytes(Path.Combine(folder, "parameters.bin"))).ToArray());
    }

    /// <summary>The next matrix, in the order in which the training program wrote them.</summary>
    public ReadOnlySpan<Half> Next(int rows, int columns = 1)
    {
        if (_read + (rows * columns) > _parameters.Length) throw new InvalidDataException("parameters.bin is shorter than config.json says: train again.");
        return _parameters.AsSpan((_read += rows * columns) - (rows * columns), rows * columns);
    }

    public void End()
    {
        if (_read != _parameters.Length) throw new InvalidDataException("parameters.bin is longer than config.json says: train again.");
    }
}
