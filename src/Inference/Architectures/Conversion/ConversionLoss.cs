using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts;

namespace ModelAtlas.Inference.Architectures.Conversion;

/// <summary>What rounding its weights cost a model: how likely it finds a text as stored and as converted (mean of -ln p).</summary>
public sealed record ConversionLoss(double Stored, double Converted)
{
    private const string FileName = "loss.json";
    private const int MostTokens = 256;

    /// <summary>Beyond this the weights as stored are not loaded only to compare.</summary>
    private const long MostBytes = 6L << 30;

    private const string Text = """
        The museum opens at nine, except on Mondays, when the guards clean the long hall and nobody may enter. On the first floor there are maps of the coast, drawn by sailors who had seen every bay themselves; on the second,
        letters in four languages, a clock that still runs, and a small portrait of a woman with a dog. Visitors often ask who she was. Nobody knows for certain, but the most likely answer is that she owned the ship
        on which the maps were made, and that she paid for the voyage with money from selling salt. To calculate what it cost, take 12 men for 90 days at two coins a day, which makes 2160, and add the price of bread.
        If you want to see everything, plan for about three hours, and remember that the café closes at four. Children pay half; students need a card.
        """;

    /// <summary>How much less likely the text has become: 0.01 is one per cent.</summary>
    [JsonIgnore]
    public double Loss => Converted / Stored - 1;

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

    /// <summary>What a model loses in the precision asked for; measured once, kept beside the built graph. Null where nothing is converted or it cannot be measured here: without a tokenizer, on a GPU, or where the weights as stored are too large.</summary>
    /// <exception cref="ModelRefusedException">The model cannot run here; the message says why.</exception>
    public static ConversionLoss? Of(string path, LoadOptions options, CancellationToken cancellationToken)
    {
        if (options.Weights == WeightsWish.Stored || (!ModelPackage.IsBuilt(path) && options.Build?.BaseFolder is null)) return null;
        var (device, package) = LoadedModel.Examine(path, options);
        if (package.Loss is { } known) return known;
        if (device.IsGpu) return null;
        var folder = package.Folder;
        var stored = options with { Weights = WeightsWish.Stored, Device = DeviceWish.Cpu, Slots = 1, WholeLogits = true };
        if (!File.Exists(Path.Combine(folder, "tokenizer.json")) || !Fits(path, stored)) return null;
        int[] ids = [.. new PromptReader(folder).Read(Text.ReplaceLineEndings(" ")).Take(MostTokens)];
        if (Likelihood(path, stored, ids, cancellationToken) is not (> 0 and var before) || Likelihood(path, stored with { Weights = options.Weights }, ids, cancellationToken) is not (> 0 and var after)) return null;
        var loss = new ConversionLoss(before, after);
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(Loss):0.0 %} {(Loss > 0 ? "less" : "more")} likely text than with the weights as stored");

    private static bool Fits(string path, LoadOptions options)
    {
        try
        {
            return LoadedModel.Examine(path, options with { Build = (options.Build ?? new()) with { OnlyLooks = true } }).Package.File.Size <= MostBytes;
        }
        catch (ModelRefusedException)
        {
            return false; // no room for it beside what else runs
        }
    }

    private static double? Likelihood(string path, LoadOptions options, int[] ids, CancellationToken cancellationToken)
    {
        using var model = LoadedModel.Load(path, options);
        var text = ids.AsSpan(0, Math.Min(ids.Length, model.Decoder.Context));
        return text.Length < 2 ? null : -Models.Likelihood.Of(model.Decoder, text, cancellationToken).Average(value => (double)value);
    }
}
