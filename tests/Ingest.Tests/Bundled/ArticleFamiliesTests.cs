using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Ingest.Tests.Bundled;

/// <summary>The families that the article names, out of the evidence that the bundled rows carry.</summary>
public class ArticleFamiliesTests
{
    [Theory]
    [InlineData("openai-community/gpt2", Openness.OpenSource, LicenseClass.Open)]
    [InlineData("bigscience/bloom", Openness.OpenSource, LicenseClass.UseRestricted)]
    [InlineData("tiiuae/falcon-40b", Openness.OpenSource, LicenseClass.Open)]
    [InlineData("tiiuae/falcon-180B", Openness.OpenSource, LicenseClass.UseRestricted)]
    [InlineData("meta-llama/Meta-Llama-3-8B", Openness.OpenWeights, LicenseClass.LicenseeRestricted)]
    [InlineData("meta-llama/Meta-Llama-3-70B", Openness.OpenWeights, LicenseClass.LicenseeRestricted)]
    [InlineData("mistralai/Mistral-7B-v0.1", Openness.OpenWeights, LicenseClass.Open)]
    [InlineData("google/gemma-3-1b-pt", Openness.OpenWeights, LicenseClass.UseRestricted)]
    [InlineData("google/gemma-3-27b-it", Openness.OpenWeights, LicenseClass.UseRestricted)]
    [InlineData("deepseek-ai/DeepSeek-V3", Openness.OpenWeights, LicenseClass.UseRestricted)]
    [InlineData("deepseek-ai/DeepSeek-R1", Openness.OpenWeights, LicenseClass.Open)]
    public void Each_family_has_the_class_and_the_kind_of_licence_that_its_evidence_gives(string id, Openness openness, string licenseClass)
    {
        var verdict = BundledRows.Of(id).Verdict;
        Assert.Equal(openness, verdict.Class);
        Assert.Equal(licenseClass, verdict.License.Class);
    }

    [Theory]
    [InlineData("openai-community/gpt2")]
    [InlineData("bigscience/bloom")]
    [InlineData("tiiuae/falcon-40b")]
    [InlineData("tiiuae/falcon-180B")]
    public void The_open_source_ones_name_their_training_data(string id) =>
        Assert.Contains(BundledRows.Of(id).Verdict.Axes.Data, new[] { Level.Open, Level.Partial, Level.Described });

    [Theory]
    [InlineData("mistralai/Mistral-7B-v0.1")]
    [InlineData("google/gemma-3-1b-pt")]
    [InlineData("deepseek-ai/DeepSeek-V3")]
    [InlineData("deepseek-ai/DeepSeek-R1")]
    public void Of_the_others_the_cards_were_read_and_name_no_source(string id)
    {
        var verdict = BundledRows.Of(id).Verdict;
        Assert.Equal(Level.None, verdict.Axes.Data);
        Assert.Equal(Basis.Evidenced, verdict.Basis);
    }

    [Theory]
    [InlineData("iproskurina/bloom-7b1-gptq-4bit", "bigscience/bloom-7b1")]
    [InlineData("tiiuae/falcon-40b-instruct", "tiiuae/falcon-40b")]
    [InlineData("google/gemma-3-1b-it", "google/gemma-3-1b-pt")]
    [InlineData("HuggingFaceH4/zephyr-7b-beta", "mistralai/Mistral-7B-v0.1")]
    public void What_was_made_of_them_names_its_base(string id, string parent) =>
        Assert.Contains(Bases(id), named => named.StartsWith(parent, StringComparison.OrdinalIgnoreCase));

    [Theory]
    [InlineData("ruslanmv/Medical-Llama3-8B")]
    [InlineData("AMAImedia/NOESIS-Gemma3-1B-BF16")]
    public void A_child_that_calls_itself_laxer_than_its_base_is_told_so(string id) => Assert.NotEmpty(BundledRows.Of(id).Verdict.License.Conflicts);

    private static IEnumerable<string> Bases(string id)
    {
        var (model, _) = BundledRows.Of(id);
        return (model.Cited ?? []).Where(item => item.Axis == Axis.Base).Select(item => item.Quote ?? "")
            .Concat(model.CardData?.BaseModel ?? [])
            .Concat((model.Tags ?? []).Where(tag => tag.StartsWith("base_model:", StringComparison.Ordinal)).Select(tag => tag[(tag.LastIndexOf(':') + 1)..]));
    }
}
