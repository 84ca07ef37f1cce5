using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Tests.Classification;

/// <summary>Builds evidence in the words of the tables below: <c>weights=public license=mit data=described</c>.</summary>
internal static class Seen
{
    public static EvidenceSet Parse(string facts) => new([.. facts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(fact => Item(fact[..fact.IndexOf('=', StringComparison.Ordinal)], fact[(fact.IndexOf('=', StringComparison.Ordinal) + 1)..]))]);

    public static EvidenceItem License(string state, string extractor = ReadBy.LicenseTag, string? locator = null, string? quote = null, Strength strength = Strength.Claimed, string source = "card") =>
        new(Axis.License, state, source, locator, quote, null, null, extractor, strength);

    public static EvidenceItem Data(string state, string extractor = "datasets-tag", string source = "card") => new(Axis.Data, state, source, null, "a quote", null, null, extractor, Strength.Claimed);

    public static EvidenceItem Base(string? named, Strength strength = Strength.Claimed, string relation = BaseRelations.Finetune) =>
        new(Axis.Base, relation, "card", "base_model", named, null, null, "base-tag", strength);

    private static EvidenceItem Item(string axis, string state) => axis switch
    {
        "weights" => new(Axis.Weights, state, "list", null, "model.safetensors", null, null, "file-list", Strength.Read),
        "listed" => new(Axis.Weights, state, "list", null, "transformers", null, null, "listed", Strength.Inferred),
        "license" => License(state),
        "data" => Data(state),
        "train" => new(Axis.CodeTraining, state, "card", null, "https://github.com/a/b", null, null, "code-link", Strength.Claimed),
        "run" => new(Axis.CodeInference, state, "list", null, "transformers", null, null, "library", Strength.Claimed),
        _ => throw new ArgumentException(axis),
    };
}
