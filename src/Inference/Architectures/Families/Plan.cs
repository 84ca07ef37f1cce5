using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Families;

/// <summary>What the descriptions of families are written with: the settings, the sizes that most share, and tensors by their published names.</summary>
internal sealed class Plan(Settings settings, ICheckpoint checkpoint)
{
    private static readonly string[] _roots = ["model.", "", "transformer.", "model.language_model.", "language_model.model.", "gpt_neox.", "model.decoder.", "decoder."];

    private string? _root;

    public Settings Settings => settings;
    public ICheckpoint Checkpoint => checkpoint;

    /// <summary>What comes before the names of all tensors of the decoder.</summary>
    public string Root => _root ?? throw new InvalidOperationException("A family names its embedding first.");

    public int Vocabulary { get; } = settings.Size("vocab_size");
    public int Width { get; } = settings.Size("hidden_size", "n_embd", "d_model", "n_embed");
    public int Layers { get; } = Bounded(settings, settings.Size("num_hidden_layers", "n_layer", "num_layers", "n_layers"));
    public int Heads { get; } = settings.Size("num_attention_heads", "n_head", "num_heads", "n_heads");
    public int Context { get; } = settings.SizeOrNull("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length", "max_sequence_length") ?? 2048;
    public int KeyValueHeads => settings.SizeOrNull("num_key_value_heads") ?? Heads;

    /// <summary>Families differ in what they take where the setting is absent: the weights say it then.</summary>
    public int HeadSize => settings.SizeOrNull("head_dim") ?? QueriesOfAHead ?? Divided;

    private int? QueriesOfAHead =>
        _roots.Select(root => checkpoint.Find(root + "layers.0.self_attn.q_proj.weight")).FirstOrDefault(found => found is not null) is { Rows: var rows } && rows % Heads == 0 && rows / Heads is > 0 and <= 1024 and var size ? (int)size : null;

    public int Inner => settings.Size("intermediate_size");
    public float RmsEpsilon => settings.Positive("rms_norm_eps", 1e-6);

    public int Divided => Width % Heads == 0 ? Width / Heads : throw settings.Unknown("num_attention_heads", $"{Heads} for a width of {Width}");

    /// <summary>The table of tokens; the first of the usual roots under which it stands is that of all.</summary>
    public StoredRows Table(string name, int? width = null)
    {
        _root ??= Array.Find(_roots, root => checkpoint.Has(root + name + ".weight")) ?? _roots[0];
        return new(Root + name + ".weight", [Vocabulary, width ?? Width], width ?? Width);
    }

    public StoredRows Rows(string name, params long[] shape) => new(Root + name, shape, (int)shape[^1]);

    /// <summary>Numbers one below the other, as a bias is.</summary>
    public StoredRows Numbers(string name, params long[] shape) => new(Root + name, shape, 1);

    public LinearDescription Linear(string path, long outputs, int inputs, bool bias = false) =>
        new(Rows(path + ".weight", outputs, inputs), bias ? Numbers(path + ".bias", outputs) : null);

    public LinearDescription Turned(string path, long outputs, int inputs, bool bias = true) =>
        new(new TransposedRows(Root + path + ".weight", [inputs, outputs]), bias ? Numbers(path + ".bias", outputs) : null);

    public NormDescription Rms(string path, int? size = null, bool plusOne = false) => new(false, Shifted(Numbers(path + ".weight", size ?? Width), plusOne), null, RmsEpsilon);

    public NormDescription Centered(string path, float epsilon, bool bias = true, int? size = null, bool plusOne = false) =>
        new(true, Shifted(Numbers(path + ".weight", size ?? Width), plusOne), bias ? Numbers(path + ".bias", size ?? Width) : null, epsilon);

    public ActivationDescription Activation(string setting, string usual) => new(Kind(settings, setting, settings.Word(setting, usual)));

    public static ActivationKind Kind(Settings settings, string setting, string word) => word switch
    {
        "silu" or "swish" => ActivationKind.Silu,
        "gelu" or "gelu_python" => ActivationKind.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" or "gelu_accurate" or "gelu_python_tanh" => ActivationKind.GeluTanh,
        "quick_gelu" => ActivationKind.GeluQuick,
        "relu" => ActivationKind.Relu,
        "relu2" => ActivationKind.ReluSquared,
        "xielu" => ActivationKind.XIelu,
        _ => throw settings.Unknown(setting, word),
    };

    /// <summary>q_proj, k_proj and v_proj of an attention as one.</summary>
    public LinearDescription QueryKeyValue(string attention, bool bias) => LinearDescription.Stack(
        Linear($"{attention}.q_proj", (long)Heads * HeadSize, Width, bias),
        Linear($"{attention}.k_proj", (long)KeyValueHeads * HeadSize, Width, bias),
        Linear($"{attention}.v_proj", (long)KeyValueHeads * HeadSize, Width, bias));

    public FeedForwardDescription Gated(string path, int inner, ActivationDescription activation, bool bias = false) => new()
    {
        Up = LinearDescription.Stack(Linear($"{path}.gate_proj", inner, Width, bias), Linear($"{path}.up_proj", inner, Width, bias)),
        Down = Linear($"{path}.down_proj", Width, inner, bias),
        Activation = activation,
        Gated = true,
    };

    /// <summary>The head: of its own, or the table of tokens again.</summary>
    public HeadDescription Head(StoredRows table, bool usuallyTied, string name = "lm_head", bool bias = false)
    {
        var tied = settings.Flag("tie_word_embeddings", usuallyTied);
        if (tied) Spare.Add(name + ".weight");
        var root = Root.StartsWith("language_model.", StringComparison.Ordinal) ? "language_model." : "";
        return new(new LinearDescription(
            tied ? table : new StoredRows(root + name + ".weight", [Vocabulary, Width], Width),
            bias ? new StoredRows(root + name + ".bias", [Vocabulary], 1) : null));
    }

    /// <summary>A base that grows lets texts be longer than what the model was trained with.</summary>
    private int Reach(IEnumerable<LayerDescription> layers) =>
        layers.Select(layer => ((AttentionForm?)layer.Attention ?? layer.Latent)?.Rotary?.Dynamic).OfType<DynamicBase>().Select(growing => (int)Math.Min(growing.Trained * growing.Factor, 1 << 24)).Append(Context).Max();

    public DecoderDescription Decoder(StoredRows table, HeadDescription head, NormDescription? final, Func<int, LayerDescription> layer)
    {
        LayerDescription[] layers = [.. Enumerable.Range(0, Layers).Select(layer)];
        return new() { Vocabulary = Vocabulary, Width = Width, Context = Reach(layers), Embedding = new(table), Layers = layers, FinalNorm = final, Head = head };
    }

    /// <summary>Which layers see a window only: by layer_types where they are given, else as the family has it.</summary>
    public bool[] Sliding(Func<int, bool> usual, string word = "sliding_attention")
    {
        var kinds = settings.Words("layer_types");
        if (kinds is not null && kinds.Length != Layers) throw settings.Unknown("layer_types", $"{kinds.Length} kinds for {Layers} layers");
        if (kinds?.FirstOrDefault(kind => kind != word && kind != "full_attention") is { } unknown) throw settings.Unknown("layer_types", unknown);
        return [.. Enumerable.Range(0, Layers).Select(layer => kinds is null ? usual(layer) : kinds[layer] == word)];
    }

    /// <summary>Names of tensors that may be there and are of no use.</summary>
    public HashSet<string> Spare { get; } = new(StringComparer.Ordinal);

    /// <summary>Tensors of parts that have nothing to do with text, or of layers that only training uses.</summary>
    public List<string> SpareRoots { get; } = [];

    private static WeightSource Shifted(WeightSource weight, bool plusOne) => plusOne ? new ShiftedRows(weight, 1, 1) : weight;

    private static int Bounded(Settings settings, int layers) => layers <= 1024 ? layers : throw settings.Unknown("num_hidden_layers", $"{layers}");
}
