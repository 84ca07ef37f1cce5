using ModelAtlas.Inference.Architectures.Building;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>A model folder as published: which graph runs, what binds to it, how it generates unless told otherwise. Everything is checked here, before ONNX Runtime sees a byte.</summary>
public sealed class ModelPackage
{
    private const int MostFiles = 64;

    private ModelPackage(string folder, ModelConfig config, OnnxFile file, WeightsWish wish)
    {
        (Folder, Config, File, Wish) = (folder, config, file, wish);
        Ports = DecoderPorts.Find(file, config);
        Vocabulary = Ports.Logits.Shape is [_, _, { Size: > 0 and <= 1 << 26 and var width }] ? (int)width
            : (int)(config.Vocabulary ?? throw new ModelRefusedException($"{file.Name} leaves the size of its vocabulary open and {Path.GetFileName(config.Source)} does not say it: the folder lacks its configuration."));
        if (config.Vocabulary is { } said && said != Vocabulary)
            throw new ModelRefusedException($"{file.Name} knows {Vocabulary} tokens but {Path.GetFileName(config.Source)} says {said}: the files are of different models.");
        Context = (int)(file.Graph.Context is > 0 and var own ? own : config.Context ?? DefaultContext);
        Defaults = GenerationDefaults.Read(folder, config);
        foreach (var end in Defaults.EndIds)
            if (end < 0 || end >= Vocabulary) throw new ModelRefusedException($"{Folder} ends a text with token {end}, but the model knows only {Vocabulary} tokens: the files are of different models.");
    }

    /// <summary>Tokens a sequence may have where no file says a limit (a model with relative positions).</summary>
    private const int DefaultContext = 2048;

    public string Folder { get; }
    public int Vocabulary { get; }

    /// <summary>Most tokens of a sequence, prompt included.</summary>
    public int Context { get; }

    public GenerationDefaults Defaults { get; }

    /// <summary>Precision of the chosen weights, and their file.</summary>
    public string Weights => $"{WeightsChoice.KindOf(File.Graph).Word()} ({Path.GetRelativePath(Folder, File.Path)}){(Loss is { } loss ? $", {loss}" : "")}";

    /// <summary>What the conversion cost; null where nothing was converted or nobody measured it.</summary>
    public ConversionLoss? Loss { get; private init; }

    internal ModelConfig Config { get; }
    internal OnnxFile File { get; }
    internal WeightsWish Wish { get; }
    internal DecoderPorts Ports { get; }

    /// <exception cref="ModelRefusedException">It cannot run here; the message says why.</exception>
    public static ModelPackage Open(string path, WeightsWish wish = WeightsWish.Auto, bool onGpu = false, BuildOptions? build = null)
    {
        var full = Path.GetFullPath(path);
        if (IsBuilt(full) || build?.BaseFolder is not null)
        {
            build ??= new();
            var precision = Precision(wish, onGpu);
            var models = new BuiltModels(build.Home, build.QuotaBytes);
            if (build.OnlyLooks && models.Look(full, build.BaseFolder, precision) is null)
            {
                var (described, planned) = models.Plan(full, build.BaseFolder, precision);
                return new(full, described, planned, wish);
            }
            var built = models.Build(full, build.BaseFolder, precision, build.Progress, build.Stop);
            return new(built, ModelConfig.Read(built), OnnxFile.Open(Path.Combine(built, ModelBuilder.GraphFile)), wish) { Loss = ConversionLoss.Read(built) };
        }
        var named = System.IO.File.Exists(full) ? full : null;
        if (named is null && !Directory.Exists(full)) throw new ModelRefusedException($"{path} does not exist: name a model folder, or fetch one with ./atlas pull.");
        if (named is not null && !named.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new ModelRefusedException($"{path} is no model this engine reads: name a folder, or an .onnx file in one.");
        var folder = named is null ? full : Path.GetDirectoryName(named) ?? full;
        if (named is not null && !HasConfig(folder) && Path.GetDirectoryName(folder) is { } parent && HasConfig(parent)) folder = parent;
        var config = ModelConfig.Read(folder);
        var file = WeightsChoice.Choose(named is not null ? [OnnxFile.Open(named)] : Decoders(folder, config), wish, onGpu, path);
        return new(folder, config, file, wish) { Loss = ConversionLoss.Read(folder) }; // a built graph's own folder, too
    }

    /// <summary>The folder or file that another process can load as it is: the one given, or that of the graph built from it.</summary>
    /// <exception cref="ModelRefusedException">It cannot be built; the message says why.</exception>
    public static string Ready(string path, LoadOptions options) =>
        IsBuilt(path) || options.Build?.BaseFolder is not null ? Open(path, options.Weights, build: options.Build).Folder : path;

    /// <summary>Whether a graph is to be built from the weights there: they are no ONNX file, and there is none beside them.</summary>
    public static bool IsBuilt(string path) => BuiltModels.CanBuildFrom(path)
        && (System.IO.File.Exists(path) || !new[] { path, Path.Combine(path, "onnx") }.Any(place => Directory.Exists(place) && Directory.EnumerateFiles(place, "*.onnx").Any()));

    internal static BuiltPrecision Precision(WeightsWish wish, bool onGpu) => wish switch
    {
        WeightsWish.Stored => BuiltPrecision.Stored,
        WeightsWish.EightBit => BuiltPrecision.Int8,
        WeightsWish.Auto when onGpu => BuiltPrecision.Half,
        _ => BuiltPrecision.Int4,
    };

    private static bool HasConfig(string folder) => System.IO.File.Exists(Path.Combine(folder, "config.json")) || System.IO.File.Exists(Path.Combine(folder, "genai_config.json"));

    /// <summary>The graphs of the folder that generate text. One that is broken is told of only when there is no other.</summary>
    private static List<OnnxFile> Decoders(string folder, ModelConfig config)
    {
        var paths = config.FileName is { } name
            ? [Path.Combine(folder, name)]
            : new[] { folder, Path.Combine(folder, "onnx") }.Where(Directory.Exists)
                .SelectMany(place => Directory.EnumerateFiles(place, "*.onnx").Order(StringComparer.Ordinal)).Take(MostFiles + 1).ToArray();
        if (paths.Length > MostFiles) throw new ModelRefusedException($"{folder} holds more than {MostFiles} .onnx files: name the one to run.");
        var (found, complaint) = (new List<OnnxFile>(), (ModelRefusedException?)null);
        foreach (var path in paths)
            try
            {
                var file = OnnxFile.Open(path);
                DecoderPorts.Find(file, config);
                found.Add(file);
            }
            catch (ModelRefusedException refused)
            {
                complaint ??= refused;
            }
        if (found.Count > 0) return found;
        throw complaint ?? new ModelRefusedException($"{folder} holds no .onnx file, in it or in its onnx folder: fetch the model with ./atlas pull, or name a folder with an ONNX export.");
    }
}
