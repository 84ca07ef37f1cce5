using System.Net;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Tests.Site;

public sealed class ModelPageTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("/models/bigscience/bloom-176b", "/models/bigscience/bloom")]
    [InlineData("/models/gpt2", "/models/openai-community/gpt2")]
    [InlineData("/models/legacy-bert", "/models/_/legacy-bert")]
    [InlineData("/models/legacy-bert-alias", "/models/_/legacy-bert")]
    [InlineData("/api/v1/models/bigscience/bloom-176b", "/api/v1/models/bigscience/bloom")]
    public async Task A_former_name_leads_to_the_present_one(string former, string present)
    {
        using var answer = await fixture.Client.GetAsync(former, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        Assert.Equal(present, answer.Headers.Location?.OriginalString);
        using var there = await fixture.Client.GetAsync(present, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Theory]
    [InlineData("/models/bigscience/nothing-like-it", "Names like it", false)]
    [InlineData("/models/somebody/gpt2", "openai-community", true)]
    public async Task An_unknown_model_is_404_with_names_like_it(string path, string words, bool offered)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("We do not have this model", html, StringComparison.Ordinal);
        Assert.Contains("name=\"q\"", html, StringComparison.Ordinal);
        Assert.Equal(offered, html.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SampleCatalog.Service, "Offered as a service only")]
    [InlineData(SampleCatalog.Gone, "no longer has this model")]
    [InlineData(SampleCatalog.Bloom, "Licence, training data and training code are all known")]
    [InlineData(SampleCatalog.Bloom, "in 1.6TB of pre-processed text")]
    [InlineData(SampleCatalog.Bloom, "bigscience-data/")]
    [InlineData(SampleCatalog.Bloom, "7ae557604adf67be50417f59c2c2f167def9a775")]
    [InlineData(SampleCatalog.Quantized, "its base model is under llama3")]
    [InlineData(SampleCatalog.Quantized, "Quantisation of")]
    [InlineData("mistralai/Mistral-7B-v0.1", "6 fine-tunes")]
    [InlineData("mistralai/Mistral-7B-v0.1", "what it was trained on")]
    public async Task The_page_of_a_model_says(string id, string words)
    {
        var html = await fixture.Client.GetStringAsync(CatalogUrl.Model(id), TestContext.Current.CancellationToken);
        Assert.Contains(words, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }
}
