using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Testing.Site;

/// <summary>A model for a test's catalogue: what it does not say is as most models have it.</summary>
public sealed record SeedModel(string RepoId)
{
    public static readonly DateTime Observed = new(2026, 8, 31, 0, 0, 0, DateTimeKind.Utc);

    public Openness? Class { get; init; } = Openness.OpenWeights;
    public Basis Basis { get; init; } = Basis.Claimed;
    public Rung? Rung { get; init; }
    public string? License { get; init; } = "apache-2.0";
    public string LicenseClass { get; init; } = "open";
    public IReadOnlyList<string>? Declared { get; init; }
    public IReadOnlyList<string> Conflicts { get; init; } = [];
    public string? Task { get; init; } = "text-generation";
    public string? Library { get; init; } = "transformers";
    public IReadOnlyList<string> Languages { get; init; } = ["en"];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public long? Parameters { get; init; }
    public int? ContextLength { get; init; }
    public long Downloads { get; init; } = 1_000;
    public int Likes { get; init; } = 10;
    public Gating Gating { get; init; } = Gating.None;
    public RepoState State { get; init; }
    public DateTime? CreatedAt { get; init; } = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);
    public DateTime? ModifiedAt { get; init; } = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);
    public string? Summary { get; init; }
    public IReadOnlyList<(string RepoId, BaseRelation Relation)> Bases { get; init; } = [];
    public IReadOnlyList<string> Datasets { get; init; } = [];
    public IReadOnlyList<HubFile> Files { get; init; } = [new("config.json", 712), new("model.safetensors", 2_400_000_000), new("README.md", 5_120), new("tokenizer.json", 2_114_000)];
    public string? LicenseText { get; init; }
    public IReadOnlyList<string> FormerNames { get; init; } = [];
    public AxisLevels Axes { get; init; } = new("public", "open", "partial", "none");
    public IReadOnlyList<Reason>? Reasons { get; init; }
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Class and licence of an earlier verdict, if there was one.</summary>
    public (Openness? Class, string? License)? Before { get; init; }

    /// <summary>What the earlier verdict says more, where it is not what the later one does.</summary>
    public Func<Verdict, Verdict> Earlier { get; init; } = verdict => verdict;

    public Verdict Verdict => new(
        Classifier.RuleVersion, "default", Class, Basis, Rung,
        new(Declared ?? (License is null ? [] : [License]), License, null, LicenseClass, License is null ? null : "tag", Conflicts), Axes,
        Reasons ?? [new("R3", "Nothing says what it was trained on.", [Item(Axis.Weights, "public", "list", "library_name", Library), Item(Axis.License, License ?? "unknown", "list", "tags", License)])],
        Missing);

    public static EvidenceItem Item(Axis axis, string state, string source, string? locator, string? quote, Strength strength = Strength.Claimed) =>
        new(axis, state, source, locator, quote, null, new(Observed), "seed", strength);
}
