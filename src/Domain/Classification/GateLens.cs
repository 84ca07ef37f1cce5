using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>Lenses that are a row of gates: one that is known to be shut decides, one that is not known leaves the class open.</summary>
internal static class GateLens
{
    public static Ruling Strict(Findings found) => Judge(found, "S", License(found, LicenseClass.Open), TrainingCode(found), Data(found, found.Data.Is(Level.Open), "openly available training data"));

    /// <summary>Meeting the necessary conditions is not meeting the definition: whether the data information suffices to rebuild the model takes a person.</summary>
    public static Ruling Osaid(Findings found) => Judge(
        found,
        "O",
        License(found, LicenseClass.Open),
        TrainingCode(found),
        Data(found, found.HasDataInformation, "information about the training data"),
        new(null, "", "a person's review of whether the data information suffices to build an equivalent model", []));

    public static Ruling Lenient(Findings found) => Judge(found, "L", License(found, LicenseClass.Open, LicenseClass.UseRestricted));

    internal static Gate License(Findings found, params ReadOnlySpan<string> passing) => new(
        found.License.Class == LicenseClass.Unknown ? null : passing.Contains(found.License.Class),
        found.License.Class == LicenseClass.Open ? $"{found.License.Name} is open." : $"{found.License.Name} is {found.License.Class}.",
        "an open licence for the weights",
        found.License.Decided);

    private static Gate TrainingCode(Findings found) => new(
        found.Training.IsUnknown ? null : found.Training.Is(Level.Open),
        found.Training.Is(Level.Open) ? "The training code is published." : "The training code is not published in full.",
        "the training code",
        found.Training.Decided);

    private static Gate Data(Findings found, bool passes, string wanted) => new(
        found.Data.IsUnknown ? null : passes,
        found.Data.Is(Level.None) ? "No source of the training data is named." : $"The training data are {found.Data.Level}.",
        wanted,
        found.Data.Decided);

    internal static Ruling Judge(Findings found, string rule, params ReadOnlySpan<Gate> gates)
    {
        List<Reason> passed = [], failed = [];
        List<string> missing = [];
        var open = true;
        for (var at = 0; at < gates.Length; at++)
        {
            var gate = gates[at];
            if (gate.Passes != true) missing.Add(gate.Wanted);
            open &= gate.Passes == true;
            if (gate.Passes is { } passes) (passes ? passed : failed).Add(new($"{rule}{at + 1}", gate.Sentence, gate.Evidence));
        }
        if (failed.Count > 0) return new(Openness.OpenWeights, Findings.BasisOf(failed[0].Evidence), failed, missing);
        if (open) return new(Openness.OpenSource, Findings.BasisOf(passed.SelectMany(reason => reason.Evidence)), passed, []);
        var undecided = Ruling.NotEstablished(found, $"{rule}0", missing);
        return undecided with { Reasons = [.. undecided.Reasons, .. passed] };
    }
}

/// <param name="Passes">Null when not known.</param>
internal sealed record Gate(bool? Passes, string Sentence, string Wanted, IReadOnlyList<EvidenceItem> Evidence);
