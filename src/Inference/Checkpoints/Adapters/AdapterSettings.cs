using System.Text.Json;
using System.Text.RegularExpressions;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Adapters;

/// <summary>adapter_config.json of PEFT: how strong the difference of each module is.</summary>
internal sealed class AdapterSettings
{
    public const string FileName = "adapter_config.json";
    private const int MostPatterns = 4096;
    private const long HighestRank = 65536;

    // Settings that change what is computed, in ways that are not read here.
    private static readonly string[] _foreign = ["alora_invocation_tokens", "target_parameters", "trainable_token_indices", "use_qalora", "lora_bias", "arrow_config", "kasa_config", "use_bdlora", "layer_replication"];

    private readonly string _folder;
    private readonly List<(Regex Module, long Rank)> _ranks;
    private readonly List<(Regex Module, double Alpha)> _alphas;
    private readonly long _rank;
    private readonly double _alpha;
    private readonly bool _rootScaled;

    private AdapterSettings(string folder, JsonElement? json)
    {
        _folder = folder;
        if (json.Text("peft_type") is var type and not "LORA") throw new ModelRefusedException($"{folder} is an adapter of the kind {OnnxReader.Shown(type ?? "none")}; this engine merges those of the kind LORA only.");
        foreach (var name in _foreign)
            if (json.Member(name) is { ValueKind: not JsonValueKind.False } value && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
                throw new ModelRefusedException($"{folder} sets {name}, which this engine does not know how to merge: merge the adapter with PEFT and use the result.");
        Base = json.Text("base_model_name_or_path");
        Transposed = json.Flag("fan_in_fan_out") ?? false;
        HasMagnitudes = json.Flag("use_dora") ?? false;
        _rootScaled = json.Flag("use_rslora") ?? false;
        _rank = json.Whole("r") is >= 1 and <= HighestRank and var rank ? rank : throw Absurd("r");
        _alpha = Alpha(json.Real("lora_alpha") ?? throw Absurd("lora_alpha"));
        _ranks = Patterns(json.Member("rank_pattern"), value => value.TryGetInt64(out var own) && own is >= 1 and <= HighestRank ? own : throw Absurd("rank_pattern"));
        _alphas = Patterns(json.Member("alpha_pattern"), value => value.TryGetDouble(out var own) ? Alpha(own) : throw Absurd("alpha_pattern"));
    }

    /// <summary>The model that the adapter was made for: a folder beside it, or a name on the Hub.</summary>
    public string? Base { get; }

    /// <summary>Weights of modules are stored [inputs, outputs].</summary>
    public bool Transposed { get; }

    /// <summary>Every output has a magnitude of its own.</summary>
    public bool HasMagnitudes { get; }

    /// <summary>Null when the folder holds no adapter; a merged model may keep the settings of the adapter that it came from.</summary>
    public static AdapterSettings? Read(string folder) =>
        ModelJson.Read(folder, FileName) is { } json && (File.Exists(Path.Combine(folder, AdaptedCheckpoint.FileName)) || !File.Exists(Path.Combine(folder, "config.json"))) ? new(folder, json) : null;

    public long RankOf(string module) => Find(_ranks, module) ?? _rank;

    public double ScaleOf(string module)
    {
        var (rank, alpha) = (RankOf(module), Find(_alphas, module) ?? _alpha);
        return _rootScaled ? alpha / Math.Sqrt(rank) : alpha / rank;
    }

    private static T? Find<T>(List<(Regex Module, T Value)> patterns, string module) where T : struct
    {
        foreach (var (pattern, value) in patterns)
            if (pattern.IsMatch(module)) return value;
        return null;
    }

    private List<(Regex, T)> Patterns<T>(JsonElement? json, Func<JsonElement, T> read)
    {
        if (json is not { } given) return [];
        if (given.ValueKind != JsonValueKind.Object || given.EnumerateObject().Count() > MostPatterns) throw Absurd("rank_pattern or alpha_pattern");
        return [.. given.EnumerateObject().Select(entry => (Pattern(entry.Name), entry.Value.ValueKind == JsonValueKind.Number ? read(entry.Value) : throw Absurd(entry.Name)))];
    }

    /// <summary>A name is a pattern for the end of a module's path, as PEFT reads it. Without backtracking, so that none takes long.</summary>
    private Regex Pattern(string name)
    {
        try
        {
            return new($@"\A(.*\.)?({name})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            throw new ModelRefusedException($"{_folder} names modules by the pattern {OnnxReader.Shown(name)}, which this engine cannot read: merge the adapter with PEFT and use the result.");
        }
    }

    private double Alpha(double value) => double.IsFinite(value) && Math.Abs(value) <= 1e9 ? value : throw Absurd("lora_alpha");

    private ModelRefusedException Absurd(string name) => new($"{Path.Combine(_folder, FileName)} gives {OnnxReader.Shown(name)} no value or an impossible one: fetch the adapter again.");
}
