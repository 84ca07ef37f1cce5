using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>Evidence in, verdict with reasons out. Pure and total: the same evidence gives the same verdict, and all evidence gives one.</summary>
public static class Classifier
{
    /// <summary>Changes with every change of a rule or of how evidence is weighed; verdicts of another version are decided again.</summary>
    public const string RuleVersion = "R3";

    public static Verdict Classify(EvidenceSet found) => Classify(found, Lens.Default);

    public static Verdict Classify(EvidenceSet found, Lens lens)
    {
        var findings = Findings.Of(found);
        var ruling = Weights(findings) ?? lens switch
        {
            Lens.Default => DefaultLens.Judge(findings),
            Lens.Strict => GateLens.Strict(findings),
            Lens.Osaid => GateLens.Osaid(findings),
            Lens.Mof => MofLens.Judge(findings),
            _ => GateLens.Lenient(findings),
        };
        return new(
            RuleVersion,
            Lenses.Word(lens),
            ruling.Class,
            ruling.Basis,
            findings.Rung(ruling.Class),
            findings.License.Finding,
            findings.Levels,
            [.. ruling.Reasons, .. Remarks(findings)],
            ruling.Missing);
    }

    /// <summary>Rule 1, the same under every lens.</summary>
    private static Ruling? Weights(Findings found) => found.Weights.Level switch
    {
        Level.None => new(Openness.Closed, Findings.BasisOf(found.Weights.Decided), [new("R1", "The weights are not published.", found.Weights.Decided)], ["the weights"]),
        Level.Unknown when found.Weights.Decided is [var looked, ..] => new(
            null, Basis.NotEstablished, [new("R1", $"The repository was looked at and no weights were seen: {looked.Quote}.", found.Weights.Decided)], ["the weights"]),
        Level.Unknown => new(null, Basis.NotEstablished, [new("R1", "Nobody has looked for the weights yet.", [])], ["the weights"]),
        _ => null,
    };

    /// <summary>What a reader should know beside the rules that decided.</summary>
    private static IEnumerable<Reason> Remarks(Findings found)
    {
        if (found.Weights.Is(Level.Gated)) yield return new("W-gated", "The weights are given out on request; gated counts as available.", found.Weights.Decided);
        if (found.Weights.Is(Level.Withdrawn)) yield return new("W-withdrawn", "The weights were published and have been withdrawn; the class is that of the last data seen.", found.Weights.Decided);
        foreach (var conflict in found.License.Finding.Conflicts) yield return new("L-conflict", conflict, [.. found.Evidence.Of(Axis.License)]);
    }
}

/// <summary>What a lens decided.</summary>
internal sealed record Ruling(Openness? Class, Basis Basis, IReadOnlyList<Reason> Reasons, IReadOnlyList<string> Missing)
{
    /// <summary>The weights can be had, but an axis that decides is not known.</summary>
    public static Ruling NotEstablished(Findings found, string rule, IReadOnlyList<string> missing) => new(
        Openness.OpenWeights,
        Basis.NotEstablished,
        [new(rule, $"The weights can be downloaded. Not established: {string.Join(", ", missing)}.", [.. found.Weights.Decided, .. found.Data.IsUnknown ? BasesOf(found) : []])],
        missing);

    /// <summary>Which bases the question of the data went to, and why they did not answer it.</summary>
    private static IEnumerable<EvidenceItem> BasesOf(Findings found)
    {
        foreach (var item in found.Evidence.Items)
        {
            if (item.Axis == Axis.Base || (item.Axis == Axis.Data && item.IsInherited())) yield return item;
        }
    }
}
