using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Judging;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Extraction;

/// <summary>The families of the article, from what their repositories say, and still so when no name in them can be recognised.</summary>
public sealed class ArticleFamilyTests
{
    private static readonly DateTimeOffset Seen = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Names of makers and families, and words that no rule can know.
    private static readonly (string Name, string Word)[] Words =
    [
        ("openai-community", "vornhal"), ("OpenAI", "Vornhal"), ("GPT-2", "Quist-2"), ("gpt2", "quist2"), ("GPT2", "Quist2"),
        ("BigScience", "Melvane"), ("bigscience", "melvane"), ("BLOOM", "TRAVUM"), ("Bloom", "Travum"), ("bloom", "travum"),
        ("Technology Innovation Institute", "Oskerrin"), ("tiiuae", "oskerrin"), ("TII", "OSK"), ("Falcon", "Jurbel"), ("falcon", "jurbel"), ("FALCON", "JURBEL"),
        ("meta-llama", "praskel"), ("Meta", "Praskel"), ("Llama", "Zodrin"), ("LLaMA", "ZoDRIN"), ("llama", "zodrin"),
        ("mistralai", "hevonta"), ("Mistral", "Hevonta"), ("mistral", "hevonta"),
        ("Google", "Carpovil"), ("google", "carpovil"), ("Gemma", "Luthwick"), ("gemma", "luthwick"),
        ("deepseek-ai", "wendaro"), ("DeepSeek", "Wendaro"), ("deepseek", "wendaro"),
    ];

    public static TheoryData<string, string, string, string?, Openness> Families => new()
    {
        { "openai-community/gpt2", "license:mit", "cards/files/openai-community__gpt2.md", null, Openness.OpenSource },
        { "bigscience/bloom", "license:bigscience-bloom-rail-1.0", "cards/files/bigscience__bloom.md", null, Openness.OpenSource },
        { "tiiuae/falcon-40b", "license:apache-2.0", "cards/files/tiiuae__falcon-40b.md", null, Openness.OpenSource },
        { "tiiuae/falcon-40b", "", "repos/tiiuae__falcon-40b@2023-05/README.md", "repos/tiiuae__falcon-40b@2023-05", Openness.OpenWeights }, // its first release
        { "tiiuae/falcon-180B", "license:unknown", "cards/files/tiiuae__falcon-180B.md", null, Openness.OpenSource },
        { "meta-llama/Meta-Llama-3-8B", "license:llama3", "cards/files/meta-llama__Meta-Llama-3-8B.md", null, Openness.OpenWeights },
        { "mistralai/Mistral-7B-v0.1", "license:apache-2.0", "cards/files/mistralai__Mistral-7B-v0.1.md", null, Openness.OpenWeights },
        { "google/gemma-3-1b-pt", "license:gemma", "repos/google__gemma-3-1b-pt@2025-11/README.md", null, Openness.OpenWeights },
        { "deepseek-ai/DeepSeek-V3", "", "repos/deepseek-ai__DeepSeek-V3@github/README.md", "repos/deepseek-ai__DeepSeek-V3@github", Openness.OpenWeights },
        { "deepseek-ai/DeepSeek-R1", "", "repos/deepseek-ai__DeepSeek-R1@github/README.md", "repos/deepseek-ai__DeepSeek-R1@github", Openness.OpenWeights },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_comes_out_as_its_evidence_says(string id, string tag, string card, string? folder, Openness expected)
    {
        var verdict = Judge(id, tag, Text(card), folder);
        Assert.Equal(expected, verdict.Class);
        Assert.NotEqual(Basis.NotEstablished, verdict.Basis);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void And_so_it_does_when_ids_makers_and_families_are_called_something_else(string id, string tag, string card, string? folder, Openness expected)
    {
        var text = Text(card);
        var body = text.StartsWith("---", StringComparison.Ordinal) ? text.IndexOf("\n---", 3, StringComparison.Ordinal) : 0; // the licence's own id stays what it is
        var verdict = Judge(Renamed(id), tag, text[..body] + Renamed(text[body..]), folder);
        Assert.Equal(expected, verdict.Class);
        Assert.NotEqual(Basis.NotEstablished, verdict.Basis);
    }

    private static string Renamed(string text) => Words.Aggregate(text, (renamed, pair) => renamed.Replace(pair.Name, pair.Word, StringComparison.Ordinal));

    private static string Text(string path)
    {
        var found = SharedData.Find("hub/" + path);
        Assert.SkipWhen(found is null, SharedData.SkipMessage("hub/" + path));
        return File.ReadAllText(found);
    }

    private static Verdict Judge(string id, string tag, string card, string? folder)
    {
        var known = new KnownModels([]); // bases are looked up where ./atlas classify looks them up
        return Classifier.Classify(new ModelLineage(known.Find, known.Sizes).Inherit(id, Read(id, tag, card, folder)));
    }

    private static EvidenceSet Read(string id, string tag, string card, string? folder)
    {
        var files = folder is null ? [] : Directory.EnumerateFiles(SharedData.Find("hub/" + folder) ?? throw new InvalidOperationException(folder))
            .Where(path => FileEvidence.IsLicense(path)).Select(path => new RepoText(Path.GetFileName(path), File.ReadAllText(path))).ToList();
        string[] tags = tag.Length > 0 ? ["transformers", "safetensors", tag] : ["transformers", "safetensors"];
        return EvidenceExtractor.Read(new(new HubModel { Id = id, Tags = tags }, Seen) { Card = card, Files = files });
    }
}
