using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Testing.Site;

/// <summary>A few dozen models of every kind a page must show, with a page and a half of fillers behind them. Names are real, numbers are made up.</summary>
public static class SampleCatalog
{
    public const string Bloom = "bigscience/bloom";
    public const string Service = "openai/gpt-4o";
    public const string Gone = "gone-labs/withdrawn-7b";
    public const string Hostile = "evil/na\u202Eme-\u043Eo<b>%_\\";
    public const string Quantized = "TheBloke/Meta-Llama-3-8B-GGUF";

    public static readonly IReadOnlyList<CatalogDataset> Datasets =
    [
        new() { RepoId = "bigscience-data/roots", Licenses = ["cc-by-4.0"], Gating = Gating.Manual, ObservedAt = SeedModel.Observed, Source = "seed", Downloads = 900 },
    ];

    public static IReadOnlyList<SeedModel> Models { get; } = [.. Notable, .. Fillers];

    private static IEnumerable<SeedModel> Notable =>
    [
        new(Bloom)
        {
            Class = Openness.OpenSource, Basis = Basis.Evidenced, Rung = Rung.WeightsAvailable, License = "bigscience-bloom-rail-1.0", LicenseClass = "use-restricted",
            Parameters = 176_247_271_424, Downloads = 1_204_331, Likes = 4_912, Languages = ["en", "fr", "ar", "zh"], Datasets = ["bigscience-data/roots"],
            CreatedAt = new(2022, 5, 19, 0, 0, 0, DateTimeKind.Utc), Summary = "Multilingual language model of 176 billion parameters, trained in the open by the BigScience workshop.",
            Axes = new("public", "use-restricted", "open", "open"), FormerNames = ["bigscience/bloom-176b"],
            Reasons =
            [
                new("R1", "The weights can be downloaded.", [SeedModel.Item(Axis.Weights, "public", "list", "siblings", "model_00001-of-00072.safetensors", Strength.Read)]),
                new("R2", "The licence limits what the model may be used for, not who may use it.", [SeedModel.Item(Axis.License, "bigscience-bloom-rail-1.0", "file:LICENSE", "title", "BigScience RAIL License v1.0", Strength.Read)]),
                new("R5", "Licence, training data and training code are all known, and none of them closes it.", [SeedModel.Item(Axis.Data, "open", "card", "Training Data", "46 natural languages and 13 programming languages, in 1.6TB of pre-processed text"), SeedModel.Item(Axis.CodeTraining, "open", "https://github.com/bigscience-workshop/Megatron-DeepSpeed", null, null, Strength.Read)]),
            ],
        },
        new("meta-llama/Meta-Llama-3-8B")
        {
            Basis = Basis.Evidenced, Rung = Rung.WeightsAvailable, License = "llama3", LicenseClass = "licensee-restricted", Parameters = 8_030_261_248, Downloads = 2_911_004, Likes = 6_133,
            Gating = Gating.Manual, Axes = new("gated", "licensee-restricted", "partial", "none"), CreatedAt = new(2024, 4, 17, 0, 0, 0, DateTimeKind.Utc), ModifiedAt = new(2024, 9, 27, 0, 0, 0, DateTimeKind.Utc),
            Reasons = [new("R2", "The licence limits who may use it: above 700 million monthly users another grant is needed.", [SeedModel.Item(Axis.License, "llama3", "file:LICENSE", "2. Additional Commercial Terms", "greater than 700 million monthly active users", Strength.Read)])],
        },
        new(Quantized)
        {
            License = "llama3", LicenseClass = "licensee-restricted", Declared = ["apache-2.0"], Library = "gguf", ContextLength = 8_192, Parameters = 8_030_261_248, Downloads = 88_120, Bases = [("meta-llama/Meta-Llama-3-8B", BaseRelation.Quantized)],
            LicenseText = OwnLicense.Changed, Basis = Basis.Inferred, Axes = new("public", "licensee-restricted", "partial", "none"), Conflicts = ["The tag says apache-2.0, its base model is under llama3."], Before = (Openness.OpenSource, "apache-2.0"),
        },
        new("mistralai/Mistral-7B-v0.1") { LicenseText = OwnLicense.Text, Basis = Basis.Evidenced, Rung = Rung.OpenWeights, Parameters = 7_241_732_096, Downloads = 1_820_400, Likes = 3_544, Gating = Gating.Auto, Axes = new("gated", "open", "partial", "none"), Missing = ["what it was trained on"] },
        new("google/gemma-3-12b-it") { License = "gemma", LicenseClass = "use-restricted", Task = "image-text-to-text", Parameters = 12_187_325_040, Downloads = 912_001, Likes = 1_002, Gating = Gating.Manual, ModifiedAt = new(2026, 3, 21, 0, 0, 0, DateTimeKind.Utc) },
        new("openai-community/gpt2") { Class = Openness.OpenSource, Basis = Basis.Evidenced, Rung = Rung.OpenSource, License = "mit", Parameters = 137_022_720, Downloads = 11_204_332, Likes = 2_811, FormerNames = ["gpt2"], Axes = new("public", "open", "partial", "described"), CreatedAt = new(2022, 3, 2, 0, 0, 0, DateTimeKind.Utc) },
        new("EleutherAI/pythia-70m") { Class = Openness.OpenSource, Basis = Basis.Claimed, Rung = Rung.OpenSourceOpenData, Parameters = 95_592_496, Downloads = 311_990, Likes = 71, Datasets = ["EleutherAI/pile"], Axes = new("public", "open", "open", "open"), Tags = ["pytorch", "causal-lm"] },
        new("stabilityai/stable-diffusion-xl-base-1.0") { License = "openrail++", LicenseClass = "use-restricted", Task = "text-to-image", Library = "diffusers", Downloads = 2_401_777, Likes = 6_501, Basis = Basis.Claimed },
        new("openai/whisper-large-v3") { License = "apache-2.0", Task = "automatic-speech-recognition", Parameters = 1_543_490_560, Downloads = 4_112_530, Likes = 4_302, Basis = Basis.NotEstablished, Axes = new("public", "open", "unknown", "unknown"), Missing = ["training data", "training code"] },
        new("sentence-transformers/all-MiniLM-L6-v2") { Task = "sentence-similarity", Library = "sentence-transformers", Parameters = 22_713_728, Downloads = 98_411_210, Likes = 3_611, Class = Openness.OpenSource, Basis = Basis.Claimed, Axes = new("public", "open", "open", "partial") },
        new("nari-labs/no-license-tts") { License = null, LicenseClass = "unknown", Task = "text-to-speech", Library = null, Basis = Basis.NotEstablished, Axes = new("public", "unknown", "unknown", "unknown"), Missing = ["a licence"] },
        new("research-lab/nc-vision") { License = "cc-by-nc-4.0", LicenseClass = "non-commercial", Task = "image-classification", Library = "timm", Parameters = 86_567_656, Axes = new("public", "non-commercial", "open", "open") },
        new(Service) { Class = Openness.Closed, Basis = Basis.Evidenced, License = null, LicenseClass = "proprietary", State = RepoState.Service, Library = null, Files = [], Downloads = 0, Likes = 0, Axes = new("none", "proprietary", "none", "none"), Gating = Gating.Unknown, Reasons = [new("R1", "No weights are published: it is offered as a service only.", [SeedModel.Item(Axis.Weights, "none", "https://platform.openai.com/docs/models", null, null)])] },
        new(Gone) { State = RepoState.Gone, Summary = "Seven billion parameters that were here once.", Axes = new("withdrawn", "open", "unknown", "unknown"), Basis = Basis.NotEstablished },
        new(Hostile) { Summary = "<script>alert(1)</script> \u202Etxet desrever\u202C & \"quotes\"", License = "my licence, see <b>LICENSE</b>", LicenseClass = "unknown", Tags = ["<img src=x onerror=alert(1)>"], Downloads = 3, Library = "</td><script>alert(2)</script>" },
        new("_/legacy-bert") { Task = "fill-mask", FormerNames = ["legacy-bert-alias"] },
    ];

    private static IEnumerable<SeedModel> Fillers => Enumerable.Range(1, 60).Select(number => new SeedModel($"filler-lab/model-{number:00}")
    {
        Task = number % 3 == 0 ? "text-classification" : "text-generation",
        Parameters = number * 100_000_000L,
        Downloads = number * 7,
        Likes = number,
        Basis = Basis.NotEstablished,
        License = number % 4 == 0 ? null : "apache-2.0",
        Bases = number % 10 == 0 ? [("mistralai/Mistral-7B-v0.1", BaseRelation.Finetune)] : [],
        ModifiedAt = new(2023, 1 + (number % 12), 1 + (number % 28), 0, 0, 0, DateTimeKind.Utc),
        Axes = new("public", number % 4 == 0 ? "unknown" : "open", "unknown", "unknown"),
    });
}
