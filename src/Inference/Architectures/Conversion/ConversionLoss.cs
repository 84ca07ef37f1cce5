using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelAtlas.Inference.Architectures.Building;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Scheduling;

namespace ModelAtlas.Inference.Architectures.Conversion;

/// <summary>What rounding its weights cost a model: how likely it finds a text as stored and as converted (mean of -ln p).</summary>
public sealed record ConversionLoss(double Stored, double Converted)
{
    /// <summary>Up to this, measuring takes some seconds beside whatever else was done to make the model ready.</summary>
    public const long LittleBytes = 2L << 30;

    /// <summary>Beyond this the weights as stored are not loaded only to compare.</summary>
    public const long MostBytes = 6L << 30;

    private const string FileName = "loss.json";
    private const int MostTokens = 256;

    private const string Text = """
        The museum opens at nine, except on Mondays, when the guards clean the long hall and nobody may enter. On the first floor there are maps of the coast, drawn by sailors who had seen every bay themselves; on the second,
        letters in four languages, a clock that still runs, and a small portrait of a woman with a dog. Visitors often ask who she was. Nobody knows for certain, but the most likely answer is that she owned the ship
        on which the maps were made, and that she paid for the voyage with money from selling salt. To calculate what it cost, take 12 men for 90 days at two coins a day, which makes 2160, and add the price of bread.
        If you want to see everything, plan for about three hours, and remember that the café closes at four. Children pay half; students need a card.
        """;

    /// <summary>How much less likely the text has become: 0.01 is one per cent.</summary>
    [JsonIgnore]
    public double Loss => Converted / Stored - 1;

    /// <summary>What was measured of a model in the precision asked for. Null where nothing is converted, or nobody measured it.</summary>
    public static ConversionLoss? Known(string path, LoadOptions options)
    {
        if (!IsConverted(path, options)) return null;
        var build = options.Build ?? new();
        var precision = ModelPackage.Precision(options.Weights, Device.Choose(options.Device).IsGpu);
        return new BuiltModels(build.Home, build.QuotaBytes).Look(Path.GetFullPath(path), build.BaseFolder, precision) is { } folder ? Read(folder) : null;
    }

    /// <summary>Whether it can be told here what converting the model costs: it is converted, computes on the CPU, and its weights as stored are at most so large and fit into memory.</summary>
    public static bool CanMeasure(string path, LoadOptions options, long mostBytes) =>
        IsConverted(path, options) && !Device.Choose(options.Device).IsGpu && Fits(path, AsStored(options), mostBytes);

    /// <summary>What a model loses in the precision asked for; measured once, kept beside the built graph. Null where nothing is converted or it cannot be measured here: without a tokenizer, on a GPU, or where the weights as stored are too large.</summary>
    /// <exception cref="ModelRefusedException">The model cannot run here; the message says why.</exception>
    public static ConversionLoss? Of(string path, LoadOptions options, CancellationToken cancellationToken)
    {
        if (!IsConverted(path, options)) return null;
        var (device, package) = LoadedModel.Examine(path, options);
        if (package.Loss is { } known) return known;
        if (device.IsGpu || !HasTokenizer(package.Folder) || !Fits(path, AsStored(options), MostBytes)) return null;
        using var stored = new StoredWeights(path, options);
        return Score(stored.Make(), AsStored(options) with { Build = null }, cancellationToken) is { } before && Score(path, AsStored(options) with { Weights = options.Weights }, cancellationToken) is { } after ? Keep(before, after, package.Folder) : null;
    }

    /// <summary>The same for models of strangers in a program that does more: the graphs are built here, and each computes in a process of its own.</summary>
    /// <exception cref="ModelRefusedException">The model cannot run here; the message says why.</exception>
    /// <exception cref="HostFailedException">Its process failed.</exception>
    public static async Task<ConversionLoss?> MeasureAsync(string path, LoadOptions options, HostOptions limits, CancellationToken cancellationToken)
    {
        if (!CanMeasure(path, options, MostBytes)) return null;
        var folder = await Task.Run(() => ModelPackage.Ready(path, options), cancellationToken);
        if (Read(folder) is { } known) return known;
        if (!HasTokenizer(folder)) return null;
        using var stored = new StoredWeights(path, options);
        var whole = await Task.Run(stored.Make, cancellationToken);
        return await ScoreApartAsync(whole, AsStored(options), limits, cancellationToken) is { } before && await ScoreApartAsync(folder, AsStored(options) with { Weights = options.Weights }, limits, cancellationToken) is { } after
            ? Keep(before, after, folder)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(Loss):0.0 %} {(Loss > 0 ? "less" : "more")} likely text than with the weights as stored");

    /// <summary>Null when nobody measured it.</summary>
    internal static ConversionLoss? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ConversionLoss>(File.ReadAllBytes(Path.Combine(folder, FileName)));
        }
        catch (Exception absent) when (absent is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How likely a model in memory finds the text; null where it reads too little of it.</summary>
    internal static double? Score(LoadedModel model, PromptReader prompts, CancellationToken cancellationToken)
    {
        int[] ids = [.. prompts.Read(Text.ReplaceLineEndings(" ")).Take(Math.Min(MostTokens, model.Decoder.Context))];
        return ids.Length < 2 || -Likelihood.Of(model.Decoder, ids, cancellationToken).Average(value => (double)value) is not (> 0 and var mean) ? null : mean;
    }

    private static bool IsConverted(string path, LoadOptions options) => options.Weights != WeightsWish.Stored && (ModelPackage.IsBuilt(path) || options.Build?.BaseFolder is not null);

    private static bool HasTokenizer(string folder) => File.Exists(Path.Combine(folder, "tokenizer.json"));

    private static LoadOptions AsStored(LoadOptions options) => options with { Weights = WeightsWish.Stored, Device = DeviceWish.Cpu, Slots = 1, WholeLogits = true };

    private static bool Fits(string path, LoadOptions options, long mostBytes)
    {
        try
        {
            return LoadedModel.Examine(path, options with { Build = (options.Build ?? new()) with { OnlyLooks = true } }).Package.File.Size <= mostBytes;
        }
        catch (ModelRefusedException)
        {
            return false; // no room for it beside what else runs
        }
    }

    private static double? Score(string path, LoadOptions options, CancellationToken cancellationToken)
    {
        using var model = LoadedModel.Load(path, options);
        return Score(model, new(model.Package.Folder), cancellationToken);
    }

    private static async Task<double?> ScoreApartAsync(string folder, LoadOptions options, HostOptions limits, CancellationToken cancellationToken)
    {
        await using var process = await HostProcess.StartAsync(new(folder, options) { Scores = true }, limits, new Progress<long>(), cancellationToken);
        return process.Loaded?.Likelihood;
    }

    /// <summary>The graph of the weights as stored. Where it is built only to compare with, it takes several times the room of what is compared, and leaves again.</summary>
    private sealed class StoredWeights(string path, LoadOptions options) : IDisposable
    {
        private readonly bool _wasThere = new BuiltModels((options.Build ?? new()).Home, (options.Build ?? new()).QuotaBytes).Look(Path.GetFullPath(path), options.Build?.BaseFolder, BuiltPrecision.Stored) is not null;
        private (string Folder, DateTime UsedAt)? _made;

        public string Make()
        {
            var folder = ModelPackage.Ready(path, AsStored(options));
            _made = (folder, BuiltModels.UsedAt(folder));
            return folder;
        }

        public void Dispose()
        {
            if (!_wasThere && _made is var (folder, usedAt)) BuiltModels.Discard(folder, usedAt);
        }
    }

    private static ConversionLoss Keep(double stored, double converted, string folder)
    {
        var loss = new ConversionLoss(stored, converted);
        try
        {
            File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(loss));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Another user's folder: it is measured again next time.
        }
        return loss;
    }
}
