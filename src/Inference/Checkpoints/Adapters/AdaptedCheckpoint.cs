using System.Text.Json;
using ModelAtlas.Inference.Checkpoints.Quantised;
using ModelAtlas.Inference.Checkpoints.Safetensors;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Adapters;

/// <summary>A base model with an adapter merged onto it, row by row as it is read.</summary>
internal sealed class AdaptedCheckpoint : ICheckpoint
{
    public const string FileName = "adapter_model.safetensors";

    private const string Prefix = "base_model.model.";
    private const string Head = "lm_head.weight";

    private readonly string _folder;
    private readonly ICheckpoint _base;
    private readonly AdapterSettings _settings;
    private readonly SafetensorsFolder _files;
    private readonly Dictionary<string, Weight> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names;

    private AdaptedCheckpoint(string folder, AdapterSettings settings, SafetensorsFolder files, ICheckpoint plain)
    {
        (_folder, _settings, _files, _base) = (folder, settings, files, plain);
        _names = new(plain.Names, StringComparer.Ordinal);
        var pool = new TensorPool(folder, files.Tensors);
        foreach (var module in pool.Before(".lora_A.weight")) Change(pool, module, ".lora_A.weight", ".lora_B.weight", settings.Transposed);
        foreach (var module in pool.Before(".lora_embedding_A")) Change(pool, module, ".lora_embedding_A", ".lora_embedding_B", turned: true);
        foreach (var (name, whole) in pool.All()) Replace(name, whole);
        if (_changed.Count == 0) throw new ModelRefusedException($"{folder} changes nothing: it is no adapter, or was cut short.");
        Config = Untied(plain);
        _names.UnionWith(_changed.Keys);
    }

    public JsonElement Config { get; }
    public IReadOnlyCollection<string> Names => _names;

    /// <param name="openBase">Opens the base, which is then this checkpoint's own.</param>
    public static AdaptedCheckpoint Open(string folder, AdapterSettings settings, Func<ICheckpoint> openBase)
    {
        var files = SafetensorsFolder.Open(folder, FileName) ?? throw Checkpoint.Unreadable(folder);
        ICheckpoint? plain = null;
        try
        {
            plain = openBase();
            return new(folder, settings, files, plain);
        }
        catch
        {
            files.Dispose();
            plain?.Dispose();
            throw;
        }
    }

    public Weight? Find(string name) => _changed.GetValueOrDefault(name) ?? _base.Find(name);

    /// <summary>The base's texts, and over them those that the adapter brings.</summary>
    public void WriteTexts(string folder)
    {
        _base.WriteTexts(folder);
        FolderCheckpoint.CopyTexts(_folder, folder);
    }

    public void Dispose()
    {
        _files.Dispose();
        _base.Dispose();
    }

    private void Change(TensorPool pool, string module, string downName, string upName, bool turned)
    {
        var (down, up) = (pool.Take(module + downName), pool.Take(module + upName));
        var magnitudes = pool.TryTake(module + ".lora_magnitude_vector") ?? pool.TryTake(module + ".lora_magnitude_vector.weight");
        if (magnitudes is null == _settings.HasMagnitudes) throw new ModelRefusedException($"{_folder} {(magnitudes is null ? "lacks" : "holds")} a magnitude for {OnnxReader.Shown(module)}, against its {AdapterSettings.FileName}: fetch the adapter again.");
        var path = module.StartsWith(Prefix, StringComparison.Ordinal) ? module[Prefix.Length..] : module;
        var (name, weight) = Find(path, ".weight");
        if (weight.Shape is not [var rows, var columns]) throw Unfit(path, weight);
        var (outputs, inputs) = turned ? (columns, rows) : (rows, columns);
        var rank = _settings.RankOf(path);
        if (!down.Shape.SequenceEqual([rank, inputs]) || !up.Shape.SequenceEqual([outputs, rank])) throw Unfit(path, weight);
        if (magnitudes is not null && magnitudes.Count != outputs) throw Unfit(path, weight);
        _changed.Add(name, new AdaptedWeight(weight, new(down, up, (float)_settings.ScaleOf(path), magnitudes), turned));
    }

    /// <summary>A module that the adapter brings whole: another head, other embeddings, norms, biases.</summary>
    private void Replace(string tensor, Weight whole)
    {
        var path = (tensor.StartsWith(Prefix, StringComparison.Ordinal) ? tensor[Prefix.Length..] : tensor).Replace(".modules_to_save.", ".", StringComparison.Ordinal).Replace(".base_layer.", ".", StringComparison.Ordinal);
        var (name, weight) = path == Head && _base.Find(Head) is null ? (Head, Embeddings(_base)?.Weight ?? whole) : Find(path, "");
        var grown = name == Head || name == Embeddings(_base)?.Name; // by tokens that were added
        if (whole.Shape.Count != weight.Shape.Count || whole.RowLength != weight.RowLength || (whole.Rows != weight.Rows && !grown)) throw Unfit(path, weight);
        if (!_changed.TryAdd(name, whole)) throw new ModelRefusedException($"{_folder} changes {OnnxReader.Shown(name)} twice: fetch the adapter again.");
    }

    /// <summary>The base may name its tensors without the outermost part of a module's path, or with one more.</summary>
    private (string Name, Weight Weight) Find(string path, string suffix)
    {
        var wanted = path + suffix;
        if (_base.Find(wanted) is { } same) return (wanted, same);
        var near = _base.Names.Where(name => wanted.EndsWith("." + name, StringComparison.Ordinal) || name.EndsWith("." + wanted, StringComparison.Ordinal)).Take(2).ToList();
        return near is [var one] && _base.Find(one) is { } found
            ? (one, found)
            : throw new ModelRefusedException($"{_folder} changes {OnnxReader.Shown(path)}, which its base does not have: name the right base with --base.");
    }

    /// <summary>A head that was the embeddings is no longer so when the adapter changes only one of them; and both may have grown.</summary>
    private JsonElement Untied(ICheckpoint plain)
    {
        if (Embeddings(plain) is not { } embeddings) return plain.Config;
        var tied = plain.Find(Head) is null;
        var settings = plain.Config.EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        if (tied && (_changed.ContainsKey(embeddings.Name) || _changed.ContainsKey(Head)))
        {
            _changed.TryAdd(Head, embeddings.Weight);
            settings["tie_word_embeddings"] = JsonSerializer.SerializeToElement(false);
        }
        if (Find(embeddings.Name) is { } now && now.Rows != embeddings.Weight.Rows) settings["vocab_size"] = JsonSerializer.SerializeToElement(now.Rows);
        return JsonSerializer.SerializeToElement(settings);
    }

    private static (string Name, Weight Weight)? Embeddings(ICheckpoint plain) =>
        plain.Names.FirstOrDefault(name => name.EndsWith("embed_tokens.weight", StringComparison.Ordinal) || name.EndsWith("wte.weight", StringComparison.Ordinal)) is { } name && plain.Find(name) is { } weight ? (name, weight) : null;

    private ModelRefusedException Unfit(string module, Weight weight) =>
        new($"{_folder} changes {OnnxReader.Shown(module)} in a shape that does not fit the base's [{string.Join(", ", weight.Shape)}]: name the right base with --base.");
}
