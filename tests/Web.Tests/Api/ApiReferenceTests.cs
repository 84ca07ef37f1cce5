using System.Text.Json;
using System.Text.RegularExpressions;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Api;

/// <summary>What the site says of itself to programs: the description, its page, and the words in a model's head.</summary>
public sealed partial class ApiReferenceTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task The_description_names_every_endpoint_with_the_keys_it_takes()
    {
        using var document = JsonDocument.Parse(await ReadAsync("/openapi/v1.json"));
        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.RootElement.GetProperty("paths");
        foreach (var path in new[] { "/api/v1/models", "/api/v1/models/{owner}/{name}", "/api/v1/facets", "/api/v1/licenses", "/api/v1/licenses/{id}", "/api/v1/compare/licenses", "/api/v1/changes", "/models.csv", "/models.parquet", "/models.atom", "/badge/{owner}/{name}.svg", "/models/{owner}/{name}/bom.cdx.json" })
            Assert.True(paths.TryGetProperty(path, out _), path);
        var keys = paths.GetProperty("/api/v1/models").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(key => key.GetProperty("name").GetString());
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("ModelItem").GetProperty("properties").TryGetProperty("created_at", out _), "names as they are written");
        Assert.False(paths.TryGetProperty("/sign-out", out _), "a form is no part of the API");
        Assert.Equal([.. FilterKeys.All.Select(key => key.Name), "sort", "dir", "cursor", "limit"], keys);
    }

    [Fact]
    public async Task The_reference_answers_itself_with_every_call_and_its_links_lead_somewhere()
    {
        var page = Plain.Of(await ReadAsync("/api"));
        using var document = JsonDocument.Parse(await ReadAsync("/openapi/v1.json"));
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject()) Assert.Contains($" {path.Name}</code>", page, StringComparison.Ordinal);
        var ids = Id().Matches(page).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.All(Fragment().Matches(page).Select(match => match.Groups[1].Value), target => Assert.Contains(target, ids));
        Assert.DoesNotContain("<script src=\"http", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SampleCatalog.Bloom)]
    [InlineData(SampleCatalog.Hostile)]
    public async Task A_models_page_tells_search_engines_what_it_is_about(string id)
    {
        var page = await ReadAsync(CatalogUrl.Model(id));
        var json = StructuredData().Match(page).Groups[1].Value;
        Assert.DoesNotContain('<', json);
        using var data = JsonDocument.Parse(json);
        Assert.Equal(("SoftwareApplication", id), (data.RootElement.GetProperty("@type").GetString(), data.RootElement.GetProperty("name").GetString()));
        Assert.Equal(fixture.Site.Address.GetLeftPart(UriPartial.Authority) + CatalogUrl.Model(id), data.RootElement.GetProperty("url").GetString());
        Assert.Contains("<meta property=\"og:title\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_of_the_site_leads_to_pages_that_are_there()
    {
        var map = await ReadAsync("/sitemap.xml");
        foreach (var path in new[] { "/types", "/compare/models", "/changes", "/stats", "/method", "/api" })
        {
            Assert.Contains($"{path}</loc>", map, StringComparison.Ordinal);
            await ReadAsync(path);
        }
    }

    private Task<string> ReadAsync(string path) => fixture.Client.GetStringAsync(path, TestContext.Current.CancellationToken);

    [GeneratedRegex(" id=\"([^\"]+)\"", RegexOptions.None, 5_000)]
    private static partial Regex Id();

    [GeneratedRegex("href=\"/api#([^\"]+)\"", RegexOptions.None, 5_000)]
    private static partial Regex Fragment();

    [GeneratedRegex("<script type=\"application/ld\\+json\">(.*?)</script>", RegexOptions.Singleline, 5_000)]
    private static partial Regex StructuredData();
}
