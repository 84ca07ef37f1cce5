using System.Net;
using System.Text.Json;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Licenses;

public sealed class LicenseApiTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Cursors_walk_through_every_licence_once()
    {
        List<string> walked = [];
        var total = 0;
        for (string? cursor = ""; cursor is not null;)
        {
            using var answer = await AskAsync($"/api/v1/licenses?limit=50&cursor={Uri.EscapeDataString(cursor)}");
            walked.AddRange(answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString() ?? ""));
            total = answer.RootElement.GetProperty("total").GetInt32();
            cursor = answer.RootElement.GetProperty("next").GetString();
        }
        Assert.Equal(total, walked.Count);
        Assert.Equal(total, walked.Distinct().Count());
        Assert.Subset(walked.ToHashSet(), LicenseDesk.All.Select(license => license.Id).ToHashSet());
    }

    [Fact]
    public async Task The_list_counts_the_models_that_a_licence_governs_and_narrows()
    {
        using var answer = await AskAsync("/api/v1/licenses?class=licensee-restricted&limit=200");
        var items = answer.RootElement.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString() ?? "");
        Assert.All(items.Values, item => Assert.Equal("licensee-restricted", item.GetProperty("class").GetString()));
        Assert.Equal(SampleCatalog.Models.Count(model => model.License == "llama3"), items["llama3"].GetProperty("models").GetInt32());
        Assert.Equal("evidenced", items["llama3"].GetProperty("basis").GetString());
    }

    [Fact]
    public async Task A_licence_comes_with_every_fact_and_the_six_uses()
    {
        using var answer = await AskAsync("/api/v1/licenses/gemma");
        var license = LicenseDesk.Find("gemma")!;
        Assert.Equal(license.SpdxReference, answer.RootElement.GetProperty("spdx").GetString());
        var facts = answer.RootElement.GetProperty("facts").EnumerateArray().ToList();
        Assert.Equal(FactTag.All.Select(tag => tag.Id), facts.Select(fact => fact.GetProperty("tag").GetString()));
        Assert.Equal(license.Facts.Select(fact => fact.Answer?.ToString().ToLowerInvariant()), facts.Select(fact => fact.GetProperty("answer").GetString()));
        Assert.Equal(6, answer.RootElement.GetProperty("uses").GetArrayLength());
    }

    [Fact]
    public async Task A_comparison_has_a_row_for_each_fact_a_cell_for_each_licence_and_names_what_it_does_not_know()
    {
        using var answer = await AskAsync("/api/v1/compare/licenses?l=mit&l=gemma,nonsense");
        var root = answer.RootElement;
        Assert.Equal(["mit", "gemma"], root.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(2, root.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("next").ValueKind);
        Assert.Equal(["nonsense"], root.GetProperty("unknown").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(FactTag.All.Count, root.GetProperty("rows").GetArrayLength());
        foreach (var row in root.GetProperty("rows").EnumerateArray())
        {
            var cells = row.GetProperty("cells").EnumerateArray().ToList();
            Assert.Equal(["mit", "gemma"], cells.Select(cell => cell.GetProperty("license").GetString()));
            Assert.Equal(row.GetProperty("differs").GetBoolean(), cells[0].GetProperty("answer").GetString() != cells[1].GetProperty("answer").GetString());
        }
    }

    [Theory]
    [InlineData("/api/v1/licenses?class=free", HttpStatusCode.BadRequest, "class is open")]
    [InlineData("/api/v1/licenses?limit=0", HttpStatusCode.BadRequest, "limit is a number from 1 to")]
    [InlineData("/api/v1/licenses?q=mit", HttpStatusCode.BadRequest, "q is no key here")]
    [InlineData("/api/v1/licenses/no-such-thing", HttpStatusCode.NotFound, "no licence that the desk knows")]
    [InlineData("/api/v1/compare/licenses", HttpStatusCode.BadRequest, "l is 1 to 5")]
    [InlineData("/api/v1/compare/licenses?l=nonsense", HttpStatusCode.NotFound, "None of the names")]
    [InlineData("/compare/licenses.csv?l=a,b,c,mit,gemma,llama2,llama3,apache-2.0,cc0-1.0", HttpStatusCode.BadRequest, "l is 1 to 5")]
    public async Task What_goes_wrong_is_told_as_problem_details(string path, HttpStatusCode status, string detail)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonDocument> AskAsync(string path)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var json = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, json);
        return JsonDocument.Parse(json);
    }
}
