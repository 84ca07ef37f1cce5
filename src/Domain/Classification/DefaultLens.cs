using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>Rule R. The licence gate is the Open Source Definition without clause 6: limits on the field of use pass, limits on who may use the model do not.</summary>
internal static class DefaultLens
{
    public static Ruling Judge(Findings found)
    {
        List<Reason> against = [];
        List<string> missing = [];
        if (LicenseAgainst(found.License) is { } sentence)
        {
            against.Add(new("R2", sentence, found.License.Decided));
            missing.Add("a licence without limits on who may use the model");
        }
        if (found.Data.Is(Level.None))
        {
            against.Add(new("R3", DataAgainst(found.Data), found.Data.Decided));
            missing.Add("the sources of the training data");
        }
        if (found.Training.Is(Level.None) && found.Inference.Is(Level.None))
        {
            against.Add(new("R4", "Neither training nor inference code is published.", [.. found.Training.Decided, .. found.Inference.Decided]));
            missing.Add("code to train or run the model");
        }
        if (against.Count > 0) return new(Openness.OpenWeights, Findings.BasisOf(against[0].Evidence), against, [.. missing, .. Unknown(found)]);

        missing.AddRange(Unknown(found));
        if (missing.Count > 0) return Ruling.NotEstablished(found, "R6", missing);

        IReadOnlyList<EvidenceItem> all = [.. found.License.Decided, .. found.Data.Decided, .. found.Code.Decided];
        return new(
            Openness.OpenSource,
            Findings.BasisOf(all),
            [
                new("R5-license", $"{found.License.Name ?? "The licence"} does not limit who may use the model.", found.License.Decided),
                new("R5-data", $"The training data are {(found.Data.Is(Level.Described) ? "described" : found.Data.Is(Level.Open) ? "openly available" : "partly available")}.", found.Data.Decided),
                new("R5-code", $"Code to {(found.Training.IsAny(Level.Open, Level.Partial) ? "train" : "run")} the model is published.", found.Code.Decided),
            ],
            []);
    }

    private static string? LicenseAgainst(LicenseDecision license) => license.Class switch
    {
        LicenseClass.NonCommercial or LicenseClass.LicenseeRestricted when license.Decided is [{ Extractor: ReadBy.UseLimit } limit] =>
            $"{(limit.Source == "card" ? "The card" : $"The file {limit.Locator}")} sets a limit that makes the licence {license.Class}: {license.Name}.",
        LicenseClass.NonCommercial => $"{license.Name} does not allow commercial use.",
        LicenseClass.LicenseeRestricted => $"{license.Name} limits who may use the model.",
        LicenseClass.Proprietary => $"{license.Name} reserves rights that open models give.",
        _ => null,
    };

    private static string DataAgainst(AxisReading data) => data.Decided switch
    {
        [{ Extractor: ReadBy.Undisclosed }, ..] => "Part of the training data is not identified, so what is named beside it does not tell what the model was trained on.",
        [{ } item, ..] when item.IsInherited() => $"The base model {item.Source["base:".Length..]} names no source of its training data.",
        _ => "No source of the training data is named.",
    };

    private static IEnumerable<string> Unknown(Findings found)
    {
        if (found.License.Class == LicenseClass.Unknown) yield return found.License.Finding.Declared is [] ? "the licence" : "what the licence allows";
        if (found.Data.IsUnknown) yield return found.Evidence.Items.Any(item => item.Axis == Axis.Base) ? "what the base model was trained on" : "the training data";
        if (found.Code.IsUnknown) yield return "code to train or run the model";
    }
}
