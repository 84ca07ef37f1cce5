using System.CommandLine;
using System.Globalization;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Inference.Checkpoints.Adapters;
using ModelAtlas.Inference.Models;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Commands;

/// <summary>What the verbs that load a model share: which, in which precision, on what, and prompts as ids.</summary>
internal sealed class ModelOptions
{
    public Argument<string> Model { get; } = new("MODEL") { Description = "A local model folder (or an .onnx or .gguf file), a Hub id that was pulled, a shelf name, or built-in." };
    public Option<WeightsWish> Weights { get; } = new("--weights")
    {
        Description = "auto (the fastest here within the quality shown), stored (the most precise the folder has), int8 or int4.",
        HelpName = "auto|stored|int8|int4",
        CustomParser = given => Word(given, "--weights", ("auto", WeightsWish.Auto), ("stored", WeightsWish.Stored), ("int8", WeightsWish.EightBit), ("int4", WeightsWish.FourBit)),
    };
    public Option<DeviceWish?> Device { get; } = new("--device")
    {
        Description = "auto, cpu, cuda or webgpu (default: Atlas__Inference__Device).",
        HelpName = "auto|cpu|cuda|webgpu",
        CustomParser = given => Word<DeviceWish?>(given, "--device", ("auto", DeviceWish.Auto), ("cpu", DeviceWish.Cpu), ("cuda", DeviceWish.Cuda), ("webgpu", DeviceWish.WebGpu)),
    };
    public Option<int[][]> Ids { get; } = new("--ids")
    {
        Description = "The prompt as token ids, such as 1,2,3. Given several times: one line each.",
        HelpName = "1,2,3",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = given => [.. given.Tokens.Select(token => ParseIds(token.Value, given.AddError))],
    };
    public Option<int> Threads { get; } = new("--threads") { Description = "Threads to compute with; 0 takes all cores." };

    public Option<DirectoryInfo?> Base { get; } = new("--base") { Description = "Folder of the model that an adapter belongs to." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { Weights, Device, Threads, Base }) command.Add(option);
        Threads.Validators.Add(given =>
        {
            if (given.Tokens is [var token, ..] && !(int.TryParse(token.Value, out var threads) && threads is >= 0 and <= 1024)) given.AddError($"--threads {token.Value} is no number of threads: give 0 to 1024");
        });
    }

    /// <summary>Loads the model in this process: it is the only one here, so that a crash of native code loses nothing else.</summary>
    /// <param name="name">What else than the first argument names it.</param>
    /// <param name="measuresLoss">What the conversion of a model without a graph costs is measured first, once.</param>
    public LoadedModel Load(ParseResult parsed, int slots = 1, bool wholeLogits = false, string? name = null, bool measuresLoss = false)
    {
        var model = Find(name ?? parsed.GetRequiredValue(Model));
        using var line = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        var build = new BuildOptions
        {
            Home = BuiltFolder.Beside(PullCommand.ShelfOf(AtlasConfiguration.Load())),
            BaseFolder = parsed.GetValue(Base)?.FullName ?? BaseOnShelf(model),
            Progress = new BuildLine(line),
        };
        var options = new LoadOptions(parsed.GetValue(Weights), WishedDevice(parsed), slots, parsed.GetValue(Threads)) { WholeLogits = wholeLogits, Build = build };
        if (measuresLoss) ConversionLoss.Of(model, options, CancellationToken.None);
        return LoadedModel.Load(model, options);
    }

    /// <summary>Where an adapter's base was fetched to, when its folder is not beside the adapter.</summary>
    private static string? BaseOnShelf(string model) =>
        AdapterFolder.NamedBase(model) is { } named && AdapterFolder.BaseBeside(model) is null && PullCommand.ShelfOf(AtlasConfiguration.Load()).Find(named) is { } found ? found.Folder : null;

    /// <summary>The folder of what was named: as it is, else from the shelf, where it has to be as it was fetched.</summary>
    private static string Find(string name)
    {
        if (Path.Exists(name)) return name;
        if (BuiltInModel.IsNamed(name) && BuiltInModel.IsThere) return BuiltInModel.Folder;
        var model = PullCommand.ShelfOf(AtlasConfiguration.Load()).Find(name)
            ?? throw new CommandException($"{LogLineFormatter.OneLine(name)} is neither a folder nor a model on the shelf: name a model folder, or fetch one with ./atlas pull OWNER/NAME.");
        return model.FaultAsync(CancellationToken.None).GetAwaiter().GetResult() is { } fault ? throw new CommandException(LogLineFormatter.OneLine(fault)) : model.Folder;
    }

    public DeviceWish WishedDevice(ParseResult parsed)
    {
        if (parsed.GetValue(Device) is { } wish) return wish;
        var configured = AtlasConfiguration.Load().GetSection(InferenceOptions.Section)["Device"];
        return Enum.TryParse<DeviceWish>(configured, ignoreCase: true, out var device) ? device
            : string.IsNullOrEmpty(configured) ? DeviceWish.Auto
            : throw new CommandException($"Atlas__Inference__Device is '{LogLineFormatter.OneLine(configured)}': give one of auto, cpu, cuda, webgpu.");
    }

    private static T? Word<T>(System.CommandLine.Parsing.ArgumentResult given, string option, params (string Word, T Value)[] known)
    {
        var word = given.Tokens is [var token] ? token.Value : "";
        foreach (var (name, value) in known)
            if (name == word) return value;
        given.AddError($"{option} {word} is not known: give {string.Join(", ", known.Select(pair => pair.Word))}");
        return default;
    }

    private static int[] ParseIds(string text, Action<string> complain)
    {
        var ids = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)) ids.Add(id);
            else
            {
                complain($"--ids: {LogLineFormatter.OneLine(part)} is no token id: give whole numbers separated by commas, such as 1,2,3");
                return [];
            }
        if (ids.Count == 0) complain("--ids holds no token id: give whole numbers separated by commas, such as 1,2,3");
        return [.. ids];
    }
}
