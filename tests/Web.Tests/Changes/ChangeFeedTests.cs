using System.Net;
using System.Xml.Linq;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Changes;

/// <summary>The same list, feed and answer of one model or of one licence alone.</summary>
public sealed class ChangeFeedTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Theory]
    [InlineData("model=" + SampleCatalog.Quantized, 1)]
    [InlineData("model=" + SampleCatalog.Bloom, 0)]
    [InlineData("model=bigscience/bloom-176b", 0)] // a former name
    [InlineData("kind=license&license=llama3", 1)] // it came under this one
    [InlineData("kind=license&license=apache-2.0", 1)] // and left this one
    [InlineData("kind=license&license=Apache+2.0", 1)] // as some write it
    [InlineData("kind=license&license=gemma", 0)]
    [InlineData("license=llama3&org=filler-lab", 0)]
    public async Task One_model_or_licence_has_its_own_list_and_feed(string query, int changes)
    {
        var feed = XDocument.Parse(await ReadAsync("/changes.atom?" + query)).Root!;
        Assert.Equal(changes, feed.Elements(Atom + "entry").Count());
        Assert.Contains($"\"total\":{changes}", await ReadAsync("/api/v1/changes?" + query), StringComparison.Ordinal);
        var page = Plain.Text(await ReadAsync("/changes?" + query));
        Assert.Equal(changes == 1, page.Contains("from Apache License 2.0 to Llama 3 Community License", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("model=no/such", "Nothing in the catalogue is called no/such.")]
    [InlineData("license=no-such-licence", "no-such-licence is no licence that the desk knows, and no model here has it.")]
    public async Task What_is_not_there_is_told_in_words(string query, string words)
    {
        foreach (var path in new[] { "/changes", "/api/v1/changes", "/changes.atom" })
        {
            using var answer = await fixture.Client.GetAsync($"{path}?{query}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains(words, Plain.Text(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("model=bloom", "model is the name of one, such as bigscience/bloom")]
    [InlineData("model=%00/%00", "model is the name of one, such as bigscience/bloom")]
    public async Task A_name_that_can_be_none_is_refused(string query, string words)
    {
        using var answer = await fixture.Client.GetAsync("/changes.atom?" + query, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, answer.StatusCode.ToString());
        if (answer.StatusCode is HttpStatusCode.BadRequest) Assert.Contains(words, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/models/" + SampleCatalog.Quantized + "/history", "/changes.atom?model=" + SampleCatalog.Quantized)]
    [InlineData("/licenses/llama3", "/changes.atom?kind=license&license=llama3")]
    public async Task A_page_names_its_feed_for_readers_and_shows_it_to_people(string page, string feed)
    {
        var html = Plain.Of(await ReadAsync(page));
        Assert.Contains("rel=\"alternate\" type=\"application/atom+xml\"", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split($"href=\"{feed}\"").Length - 1);
        Assert.Contains("rel=\"canonical\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/changes.atom?model=" + SampleCatalog.Quantized)]
    [InlineData("/models.atom?license=llama3")]
    public async Task Who_asks_again_for_the_same_feed_is_told_that_it_is_the_same(string path)
    {
        using var first = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.NotNull(first.Content.Headers.LastModified);
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(Assert.IsType<System.Net.Http.Headers.EntityTagHeaderValue>(first.Headers.ETag));
        using var second = await fixture.Client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    private Task<string> ReadAsync(string path) => fixture.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
