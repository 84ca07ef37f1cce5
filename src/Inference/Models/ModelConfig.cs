using System.Text.Json;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>What config.json or genai_config.json says of a decoder, each number null where the file is silent.</summary>
internal sealed class ModelConfig
{
    private const long MostTokens = 16 * 1024 * 1024;

    private readonly JsonElement? _decoder;

    private ModelConfig(JsonElement? model, JsonElement? decoder, string source)
    {
        _decoder = decoder;
        Source = source;
        Kind = model.Text("model_type") ?? model.Text("type");
        var text = model.Member("text_config") ?? model; // of a model that also sees or hears
        Layers = Positive(decoder.Whole("num_hidden_layers") ?? text.Whole("num_hidden_layers", "n_layer", "num_layers", "n_layers"), "number of layers", 4096);
        Heads = Positive(decoder.Whole("num_attention_heads") ?? text.Whole("num_attention_heads", "n_head", "num_heads", "n_heads"), "number of attention heads", 65536);
        SaidCacheHeads = Positive(decoder.Whole("num_key_value_heads") ?? text.Whole("num_key_value_heads"), "number of key-value heads", 65536);
        CacheHeads = SaidCacheHeads ?? Positive(text.Whole("num_kv_heads"), "number of key-value heads", 65536) ?? (text.Flag("multi_query") == true ? 1 : Heads);
        var width = Positive(decoder.Whole("hidden_size") ?? text.Whole("hidden_size", "n_embd", "d_model"), "width", 1 << 24);
        HeadSize = Positive(decoder.Whole("head_size") ?? text.Whole("head_dim", "kv_channels") ?? (Heads is > 0 ? width / Heads : null), "head size", 1 << 20);
        Vocabulary = Positive(text.Whole("vocab_size"), "vocabulary", 1 << 26);
        Context = Positive(model.Whole("context_length") ?? text.Whole("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length", "max_sequence_length"), "context length", MostTokens);
        EndIds = model.Numbers("eos_token_id") ?? text.Numbers("eos_token_id") ?? [];
        BeginId = (model.Numbers("bos_token_id") ?? text.Numbers("bos_token_id")) is [var begin, ..] ? begin : null;
        SharesLayers = text.Whole("num_kv_shared_layers") is > 0 || text.Member("layer_types") is not null || text.Member("layers_block_type") is not null;
    }

    public string Source { get; }
    public string? Kind { get; }
    public long? Layers { get; }
    public long? Heads { get; }
    public long? CacheHeads { get; }

    /// <summary><see cref="CacheHeads"/> where the file gives it in so many words.</summary>
    public long? SaidCacheHeads { get; }
    public long? HeadSize { get; }
    public long? Vocabulary { get; }
    public long? Context { get; }
    public IReadOnlyList<long> EndIds { get; }
    public long? BeginId { get; }

    /// <summary>True when a layer may have no cache of its own.</summary>
    public bool SharesLayers { get; }

    /// <summary>The decoder file that genai_config.json names.</summary>
    public string? FileName => _decoder.Text("filename");

    public static ModelConfig Read(string folder)
    {
        if (ModelJson.Read(folder, "genai_config.json") is { } genai)
        {
            var model = ((JsonElement?)genai).Member("model") ?? throw new ModelRefusedException($"{Path.Combine(folder, "genai_config.json")} describes no model: fetch the model again.");
            var decoder = ((JsonElement?)model).Member("decoder") ?? throw new ModelRefusedException($"{Path.Combine(folder, "genai_config.json")} names no decoder, so it generates no text.");
            var read = new ModelConfig(model, decoder, Path.Combine(folder, "genai_config.json"));
            if (read.FileName is { } name && !ExternalData.IsPlainName(name))
                throw new ModelRefusedException($"{read.Source} names the decoder {OnnxReader.Shown(name)}, which is no plain file name: the model is refused.");
            return read;
        }
        return new(ModelJson.Read(folder, "config.json"), null, Path.Combine(folder, "config.json"));
    }

    /// <summary>Of a configuration that lies in no file of its own.</summary>
    public static ModelConfig Of(JsonElement config, string source) => new(config, null, source);

    /// <summary>What the folder calls an input or output of the graph that others call <paramref name="usual"/>.</summary>
    public string NameOf(string usual) => _decoder.Member("inputs").Text(usual) ?? _decoder.Member("outputs").Text(usual) ?? usual;

    private long? Positive(long? value, string what, long most) => value switch
    {
        null => null,
        > 0 when value <= most => value,
        _ => throw new ModelRefusedException($"{Source} gives a {what} of {value}, which cannot be: fetch the model again."),
    };
}
