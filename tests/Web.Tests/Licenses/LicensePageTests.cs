using System.Net;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Licenses;

public sealed class LicensePageTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Every_licence_of_the_desk_has_a_page_with_its_name_reference_and_uses()
    {
        foreach (var license in LicenseDesk.All)
        {
            var page = await ReadAsync(LicenseUrl.Of(license.Id));
            Assert.Contains($">{license.Name}</h1>", page.Replace("</bdi>", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains(license.SpdxReference, page, StringComparison.Ordinal);
            foreach (var use in LicenseWords.Uses) Assert.Contains(use.Label, page, StringComparison.Ordinal);
            Assert.Equal(license.FactsSource is null, page.Contains("Not read.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/licenses/apache-2.0", "State changes")]
    [InlineData("/licenses/apache-2.0", "AI terms")]
    [InlineData("/licenses/llama3", "700 million")]
    [InlineData("/licenses/llama3", "governs <a href=\"/models?license=llama3&rel=any\">2 models</a>")]
    [InlineData("/licenses/mit", "<link rel=\"canonical\" href=\"/licenses/mit\"")]
    public async Task The_page_of_a_licence_says(string path, string words) => Assert.Contains(words, await ReadAsync(path), StringComparison.Ordinal);

    [Theory]
    [InlineData("/licenses/apache%202.0", "/licenses/apache-2.0")]
    [InlineData("/licenses/Apache%20License%202.0", "/licenses/apache-2.0")]
    [InlineData("/licenses/Apache-2.0", "/licenses/apache-2.0")]
    [InlineData("/api/v1/licenses/Apache-2.0", "/api/v1/licenses/apache-2.0")]
    public async Task Another_spelling_leads_to_the_one_address(string asked, string there)
    {
        await fixture.Client.GetStringAsync(there, TestContext.Current.CancellationToken); // a page that is kept is no answer to another spelling
        using var answer = await fixture.Client.GetAsync(asked, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        Assert.Equal(there, answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_unknown_licence_is_404_with_licences_like_it_and_the_models_under_that_name()
    {
        var (status, page) = await AskAsync("/licenses/upstage");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("href=\"/licenses/solar\"", page, StringComparison.Ordinal);

        (status, page) = await AskAsync($"/licenses/{Uri.EscapeDataString("my licence, see <b>LICENSE</b>")}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("1 model under this name", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_every_licence_and_narrows_to_a_class_and_a_family()
    {
        var all = await ReadAsync("/licenses");
        foreach (var license in LicenseDesk.All) Assert.Contains($"href=\"{LicenseUrl.Of(license.Id)}\"", all, StringComparison.Ordinal);

        var some = await ReadAsync("/licenses?class=non-commercial&family=research-only");
        foreach (var license in LicenseDesk.All)
            Assert.Equal(license is { Class: "non-commercial", Family: "research-only" }, some.Contains($"href=\"{LicenseUrl.Of(license.Id)}\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/licenses?class=free", "class is open, use-restricted, unknown")]
    [InlineData("/licenses?family=none", "family is ")]
    public async Task A_filter_that_does_not_exist_is_refused_with_those_that_do(string path, string words)
    {
        var (status, page) = await AskAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, page, StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(string path)
    {
        var (status, page) = await AskAsync(path);
        Assert.True(status is HttpStatusCode.OK, $"{path} answered {status}");
        return page;
    }

    private async Task<(HttpStatusCode Status, string Page)> AskAsync(string path)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, Plain.Of(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
