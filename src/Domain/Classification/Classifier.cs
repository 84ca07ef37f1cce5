using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>Evidence in, verdict with reasons out. Pure and total.</summary>
public static class Classifier
{
    public const string RuleVersion = "R1";

    public static Verdict Classify(EvidenceSet found) => new(
        RuleVersion, "default", null, Basis.NotEstablished, null,
        new([], null, null, "unknown", null, []),
        new("unknown", "unknown", "unknown", "unknown"),
        [new("R6", "Nobody has looked for the weights yet.", [.. found.Items])],
        ["weights"]);
}
