using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>Evidence in, verdict with reasons out. Pure and total.</summary>
public static class Classifier
{
    public const string RuleVersion = "R1";

    private static readonly string[] WeightLevels = [Level.None, Level.Withdrawn, Level.Gated, Level.Public];
    private static readonly string[] CodeLevels = [Level.Open, Level.Partial, Level.None];
    private static readonly string[] DataLevels = [Level.Open, Level.Partial, Level.Described, Level.None];

    public static Verdict Classify(EvidenceSet found)
    {
        var weights = AxisReading.Of(found, Axis.Weights, WeightLevels);
        var (license, licenseItems) = LicenseResolver.Resolve(found);
        var training = AxisReading.Of(found, Axis.CodeTraining, CodeLevels);
        var inference = AxisReading.Of(found, Axis.CodeInference, CodeLevels);
        var data = Inherited(found) ?? AxisReading.Of(found, Axis.Data, DataLevels);
        var axes = new AxisLevels(weights.Level, license.Class, Better(training, inference).Level, data.Level);

        if (weights.Is(Level.Unknown))
            return Decide(null, Basis.NotEstablished, new("R1", "Nobody has looked for the weights yet.", []), ["weights"]);
        if (weights.Is(Level.None))
            return Decide(Openness.Closed, BasisOf(weights.Decided), new("R1", "The weights are not published.", weights.Decided), ["the weights"]);
        if (license.Class is LicenseClass.NonCommercial or LicenseClass.Proprietary or LicenseClass.LicenseeRestricted)
            return Decide(Openness.OpenWeights, BasisOf(licenseItems), new("R2", LicenseSentence(license), licenseItems), ["a licence without limits on who may use the model"]);
        if (data.Is(Level.None))
            return Decide(Openness.OpenWeights, BasisOf(data.Decided), new("R3", "No source of the training data is named.", data.Decided), ["what the model was trained on"]);
        if (training.Is(Level.None) && inference.Is(Level.None))
            return Decide(Openness.OpenWeights, BasisOf([.. training.Decided, .. inference.Decided]), new("R4", "Neither training nor inference code is published.", [.. training.Decided, .. inference.Decided]), ["code to train or run the model"]);

        var code = Better(training, inference);
        string[] missing = [.. Missing(license, data, code)];
        if (missing is [])
        {
            EvidenceItem[] all = [.. licenseItems, .. data.Decided, .. code.Decided];
            return Decide(Openness.OpenSource, BasisOf(all), new("R5", "The licence does not limit who may use the model, the training data are named, and code is published.", all), []);
        }
        return Decide(Openness.OpenWeights, Basis.NotEstablished, new("R6", $"The weights can be downloaded; not known: {string.Join(", ", missing)}.", weights.Decided), missing);

        Verdict Decide(Openness? openness, Basis basis, Reason reason, IReadOnlyList<string> lacking) => new(
            RuleVersion, "default", openness, basis, RungOf(openness, license, training, inference, data), license, axes, [reason], lacking);
    }

    /// <summary>A derived model has the data level of its base; when that is not known, its own fine-tuning data do not stand in for it.</summary>
    private static AxisReading? Inherited(EvidenceSet found)
    {
        if (!found.Items.Any(item => item.Axis == Axis.Base)) return null;
        var bases = found.Items.Where(item => item.Axis == Axis.Data && item.Source.StartsWith("base:", StringComparison.Ordinal)).ToList();
        return AxisReading.Of(new(bases), Axis.Data, DataLevels);
    }

    private static AxisReading Better(AxisReading one, AxisReading other) => Rank(one) <= Rank(other) ? one : other;

    private static int Rank(AxisReading code) => code.Is(Level.Unknown) ? 2 : Array.IndexOf(CodeLevels, code.Level) is var at && at == 2 ? 3 : at;

    private static IEnumerable<string> Missing(LicenseFinding license, AxisReading data, AxisReading code)
    {
        if (license.Class is not (LicenseClass.Open or LicenseClass.UseRestricted)) yield return "the licence";
        if (!(data.Is(Level.Open) || data.Is(Level.Partial) || data.Is(Level.Described))) yield return "the training data";
        if (!(code.Is(Level.Open) || code.Is(Level.Partial))) yield return "the code";
    }

    private static string LicenseSentence(LicenseFinding license) => license.Class switch
    {
        LicenseClass.NonCommercial => $"The licence {license.Effective} does not allow commercial use.",
        LicenseClass.LicenseeRestricted => $"The licence {license.Effective} limits who may use the model.",
        _ => $"The licence {license.Effective} reserves rights that open models give.",
    };

    private static Basis BasisOf(IReadOnlyList<EvidenceItem> decided) => decided.Count == 0
        ? Basis.NotEstablished
        : decided.Max(item => item.Strength) switch
        {
            Strength.Read => Basis.Evidenced,
            Strength.Claimed => Basis.Claimed,
            _ => Basis.Inferred,
        };

    private static Rung? RungOf(Openness? openness, LicenseFinding license, AxisReading training, AxisReading inference, AxisReading data)
    {
        if (openness is null or Openness.Closed) return null;
        if (license.Class != LicenseClass.Open || !(inference.Is(Level.Open) || inference.Is(Level.Partial))) return Rung.WeightsAvailable;
        if (openness != Openness.OpenSource || !training.Is(Level.Open)) return Rung.OpenWeights;
        return data.Is(Level.Open) ? Rung.OpenSourceOpenData : Rung.OpenSource;
    }
}
