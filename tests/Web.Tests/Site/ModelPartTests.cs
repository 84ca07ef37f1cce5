using System.Net;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>The pages under a model's page.</summary>
public sealed class ModelPartTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static readonly string[] Parts = ["", "/evidence", "/license", "/lineage", "/history", "/bom"];

    [Theory]
    [InlineData(SampleCatalog.Quantized, "/evidence", "Meta-Llama-3-8B")]
    [InlineData(SampleCatalog.Quantized, "/evidence", "base-tag")]
    [InlineData(SampleCatalog.Quantized, "/evidence", "file-list")]
    [InlineData(SampleCatalog.Quantized, "/evidence", "7ae5576")]
    [InlineData(SampleCatalog.Quantized, "/license", "✓ governs")]
    [InlineData(SampleCatalog.Quantized, "/license", "Sources disagree.")]
    [InlineData(SampleCatalog.Quantized, "/license", "a base model")]
    [InlineData(SampleCatalog.Quantized, "/lineage", "Quantisation of")]
    [InlineData("mistralai/Mistral-7B-v0.1", "/lineage", "filler-lab/model-60")]
    [InlineData("mistralai/Mistral-7B-v0.1", "/lineage", "No base model is declared")]
    [InlineData(SampleCatalog.Quantized, "/history", "Open source")]
    [InlineData(SampleCatalog.Quantized, "/history", "Open weights")]
    [InlineData(SampleCatalog.Bloom, "/history", "bigscience/bloom-176b")]
    [InlineData("nari-labs/no-license-tts", "/license", "No licence was found.")]
    [InlineData("nari-labs/no-license-tts", "/bom", "Not known: the licence of the model")]
    [InlineData(SampleCatalog.Bloom, "/bom", "bigscience-data/roots")]
    public async Task A_part_of_a_model_says(string id, string part, string words) =>
        Assert.Contains(words, Plain.Text(await fixture.Client.GetStringAsync(CatalogUrl.Model(id) + part, TestContext.Current.CancellationToken)), StringComparison.Ordinal);

    [Fact]
    public async Task The_licence_page_shows_the_text_with_its_changes_or_says_that_there_is_none()
    {
        var changed = await fixture.Client.GetStringAsync($"/models/{SampleCatalog.Quantized}/license", TestContext.Current.CancellationToken);
        Assert.Contains("bearing</ins>", changed, StringComparison.Ordinal);
        Assert.Contains("weapons is forbidden to everybody", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>without exception", changed, StringComparison.Ordinal);
        Assert.Contains("id=\"change-2\"", changed, StringComparison.Ordinal);
        Assert.Contains("1 word of clause 2 replaced", changed, StringComparison.Ordinal);
        Assert.Contains("unchanged. Only holder", await fixture.Client.GetStringAsync("/models/mistralai/Mistral-7B-v0.1/license", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("No licence file of this model has been read.", await fixture.Client.GetStringAsync($"/models/{SampleCatalog.Bloom}/license", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_part_of_every_model_is_shown_and_leads_to_the_others()
    {
        foreach (var model in SampleCatalog.Models.Where(model => !model.RepoId.StartsWith("filler-lab/", StringComparison.Ordinal)))
        {
            foreach (var part in Parts)
            {
                using var answer = await fixture.Client.GetAsync(CatalogUrl.Model(model.RepoId) + part, TestContext.Current.CancellationToken);
                var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{model.RepoId}{part} answered {answer.StatusCode}");
                foreach (var other in Parts) Assert.Contains($"href=\"{CatalogUrl.Model(model.RepoId)}{other}\"", html, StringComparison.Ordinal);
                Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Another_lens_judges_the_same_evidence_by_other_rules()
    {
        var lenient = Plain.Text(await fixture.Client.GetStringAsync("/models/mistralai/Mistral-7B-v0.1/evidence?lens=lenient", TestContext.Current.CancellationToken));
        var strict = Plain.Text(await fixture.Client.GetStringAsync("/models/mistralai/Mistral-7B-v0.1/evidence?lens=strict", TestContext.Current.CancellationToken));
        Assert.Contains("lens “lenient”", lenient, StringComparison.Ordinal);
        Assert.Contains("lens “strict”", strict, StringComparison.Ordinal);
        Assert.NotEqual(Answer(lenient), Answer(strict));
    }

    [Theory]
    [InlineData("/models/bigscience/bloom-176b/evidence", "/models/bigscience/bloom/evidence")]
    [InlineData("/models/bigscience/bloom-176b/license", "/models/bigscience/bloom/license")]
    public async Task A_former_name_leads_to_the_same_part_of_the_present_one(string former, string present)
    {
        using var answer = await fixture.Client.GetAsync(former, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        Assert.Equal(present, answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/models/bigscience/bloom/evidence?lens=rosy", HttpStatusCode.BadRequest, "lens is default, strict, osaid, mof, lenient.")]
    [InlineData("/models/bigscience/blom/lineage", HttpStatusCode.NotFound, "We do not have this model")]
    public async Task What_is_not_there_is_told(string path, HttpStatusCode status, string words)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, Plain.Text(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    private static string Answer(string text) => text[text.IndexOf("Under whose definition of open", StringComparison.Ordinal)..text.IndexOf("All the evidence", StringComparison.Ordinal)]
        .Replace("lenient", "", StringComparison.OrdinalIgnoreCase).Replace("strict", "", StringComparison.OrdinalIgnoreCase);
}
