using System.Net;
using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Catalog;

public sealed class CatalogApiTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    public static TheoryData<string, Func<SeedModel, bool>> Filters => new()
    {
        { "", _ => true },
        { "class=closed", seed => seed.Class is Openness.Closed },
        { "class=open-source,closed", seed => seed.Class is Openness.Closed or Openness.OpenSource },
        { "conf=established", seed => seed.Basis is not Basis.NotEstablished },
        { "license=apache-2.0", seed => seed.License is "apache-2.0" },
        { "license=Apache-2.0,MIT", seed => seed.License is "apache-2.0" or "mit" },
        { "license=none", seed => seed.License is null },
        { "license=none,mit", seed => seed.License is null or "mit" },
        { "task=text-classification", seed => seed.Task is "text-classification" },
        { "lib=none", seed => seed.Library is null },
        { "org=filler-lab", seed => seed.RepoId.StartsWith("filler-lab/", StringComparison.Ordinal) },
        { "org=nobody", _ => false },
        { "lang=fr", seed => seed.Languages.Contains("fr") },
        { "tag=causal-lm", seed => seed.Tags.Contains("causal-lm") },
        { "params=1B..2B", seed => seed.Parameters is >= 1_000_000_000 and <= 2_000_000_000 },
        { "params=..100M", seed => seed.Parameters is <= 100_000_000 },
        { "params=100B..", seed => seed.Parameters is >= 100_000_000_000 },
        { "gated=yes", seed => seed.Gating is Gating.Auto or Gating.Manual },
        { "gated=manual", seed => seed.Gating is Gating.Manual },
        { "gated=no", seed => seed.Gating is Gating.None },
        { "conflict=yes", seed => seed.Conflicts.Count > 0 },
        { "state=gone,service", seed => seed.State is RepoState.Gone or RepoState.Service },
        { "rung=open-source", seed => seed.Rung is Rung.OpenSource },
        { "weights=partial", seed => seed.Axes.Weights is "gated" },
        { "code=yes,partial", seed => seed.Axes.Code is "open" or "partial" },
        { "data=yes&weights=yes", seed => seed.Axes is { Data: "open", Weights: "public" } },
        { "data=unknown", seed => seed.Axes.Data is "unknown" },
        { "ctx=8K..", seed => seed.ContextLength is >= 8_000 },
        { "rel=original", seed => seed.Bases is [] },
        { "rel=quantised", seed => seed.Bases.Any(link => link.Relation == BaseRelation.Quantized) },
        { "rel=any", _ => true },
        { "created=2022", seed => seed.CreatedAt?.Year == 2022 },
        { "created=..2023-12-31", seed => seed.CreatedAt?.Year <= 2023 },
        { "updated=2023-02..2023-03", seed => seed.ModifiedAt is { Year: 2023, Month: 2 or 3 } },
        { "q=LLAMA 3", seed => seed.RepoId.Contains("llama", StringComparison.OrdinalIgnoreCase) && seed.RepoId.Contains('3', StringComparison.Ordinal) },
        { "q=multilingual", seed => seed.RepoId == SampleCatalog.Bloom },
        { "q=%25_", seed => seed.RepoId == SampleCatalog.Hostile },
        { "class=open-weights&task=text-generation&license=apache-2.0&params=1B..3B", seed =>
            seed is { Class: Openness.OpenWeights, Task: "text-generation", License: "apache-2.0", Parameters: >= 1_000_000_000 and <= 3_000_000_000 } },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_lets_through_what_it_says_and_total_and_facets_agree(string query, Func<SeedModel, bool> passes)
    {
        var expected = SampleCatalog.Models.Where(passes).Select(seed => seed.RepoId).Order(StringComparer.Ordinal).ToList();
        using var answer = await AskAsync($"/api/v1/models?limit=100&{query}");
        Assert.Equal(expected, answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString() ?? "").Order(StringComparer.Ordinal));
        Assert.Equal(expected.Count, answer.RootElement.GetProperty("total").GetInt32());

        using var facets = await AskAsync($"/api/v1/facets?{query}");
        Assert.Equal(expected.Count, facets.RootElement.GetProperty("total").GetInt32());
        if (query.Contains("task=", StringComparison.Ordinal)) return;
        var tasks = facets.RootElement.GetProperty("facets").GetProperty("task").EnumerateArray().ToDictionary(option => option.GetProperty("value").GetString() ?? "", option => option.GetProperty("count").GetInt32());
        Assert.Equal(SampleCatalog.Models.Where(passes).CountBy(seed => seed.Task ?? "none").ToDictionary(), tasks);
    }

    [Theory]
    [InlineData("sort=downloads")]
    [InlineData("sort=downloads&dir=asc")]
    [InlineData("sort=likes")]
    [InlineData("sort=trending&dir=asc")]
    [InlineData("sort=updated")]
    [InlineData("sort=created&dir=asc")]
    [InlineData("sort=params")]
    [InlineData("sort=params&dir=asc")]
    [InlineData("sort=name")]
    [InlineData("sort=name&dir=desc")]
    public async Task Cursors_walk_through_every_model_once_in_the_order_of_the_pages(string order)
    {
        List<string?> walked = [];
        for (string? cursor = null; ;)
        {
            using var answer = await AskAsync($"/api/v1/models?limit=7&{order}{(cursor is null ? "" : $"&cursor={cursor}")}");
            walked.AddRange(answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
            if ((cursor = answer.RootElement.GetProperty("next").GetString()) is null) break;
        }
        using var all = await AskAsync($"/api/v1/models?limit=100&{order}");
        Assert.Equal(all.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()), walked);
        Assert.Equal(SampleCatalog.Models.Count, walked.Distinct().Count());
        Assert.Equal(JsonValueKind.Null, all.RootElement.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Rows_without_a_value_come_last_either_way_round()
    {
        foreach (var direction in new[] { "asc", "desc" })
        {
            using var answer = await AskAsync($"/api/v1/models?limit=100&sort=params&dir={direction}");
            var values = answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("parameters").ValueKind is JsonValueKind.Null).ToList();
            Assert.Equal(values.Order(), values);
        }
    }

    [Fact]
    public async Task An_answer_has_a_tag_and_is_not_sent_twice()
    {
        using var first = await fixture.Client.GetAsync("/api/v1/models?class=closed", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/models?class=closed");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await fixture.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/models?class=open", HttpStatusCode.BadRequest, "class is open-source, open-weights, closed, none.")]
    [InlineData("/api/v1/models?page=2", HttpStatusCode.BadRequest, "page is no key here")]
    [InlineData("/api/v1/models?limit=101", HttpStatusCode.BadRequest, "limit is a number from 1 to 100.")]
    [InlineData("/api/v1/models/no/such", HttpStatusCode.NotFound, "Nothing in the catalogue is called no/such.")]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound, "")]
    public async Task What_goes_wrong_is_told_as_problem_details(string path, HttpStatusCode status, string detail)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", problem.RootElement.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task A_model_comes_with_its_verdict_reasons_and_evidence()
    {
        using var answer = await AskAsync($"/api/v1/models/{SampleCatalog.Bloom}");
        var model = answer.RootElement;
        Assert.Equal("bigscience/bloom", model.GetProperty("id").GetString());
        Assert.Equal("open-source", model.GetProperty("class").GetString());
        Assert.Equal("evidenced", model.GetProperty("basis").GetString());
        Assert.Equal("bigscience-bloom-rail-1.0", model.GetProperty("license").GetProperty("effective").GetString());
        Assert.Equal("open", model.GetProperty("axes").GetProperty("data").GetString());
        Assert.Equal(["R1", "R2", "R5"], model.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("rule").GetString()));
        Assert.Equal("code_training", model.GetProperty("reasons")[2].GetProperty("evidence")[1].GetProperty("axis").GetString());
        Assert.Equal(["bigscience/bloom-176b"], model.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()));
    }

    [Fact]
    public async Task The_description_names_the_three_addresses()
    {
        using var answer = await AskAsync("/openapi/v1.json");
        var paths = answer.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Subset(paths.ToHashSet(), new HashSet<string> { "/api/v1/models", "/api/v1/models/{owner}/{name}", "/api/v1/facets" });
        Assert.DoesNotContain("/theme", paths);
    }

    private async Task<JsonDocument> AskAsync(string path)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var json = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, json);
        return JsonDocument.Parse(json);
    }
}
