using System.Net;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.ModelPages.Comparing;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.ModelPages;

public sealed class ModelComparisonTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string Pair = $"{SampleCatalog.Bloom},{SampleCatalog.Service}";

    [Fact]
    public async Task The_page_has_every_row_and_with_diff_only_those_that_differ()
    {
        var all = await ReadAsync($"/compare/models?m={Pair}");
        var differences = await ReadAsync($"/compare/models?m={Pair}&diff=1");
        foreach (var fact in ComparedFacts.All) Assert.Contains($"<th scope=\"row\">{fact.Label}", all, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">Class", differences, StringComparison.Ordinal);
        Assert.DoesNotContain("<th scope=\"row\">Context", differences, StringComparison.Ordinal); // not known of both
        Assert.Equal(differences.Split("<th scope=\"row\">").Length, all.Split("is-different").Length);
    }

    [Theory]
    [InlineData("/compare/models?m=bigscience/bloom&m=openai/gpt-4o")]
    [InlineData("/compare/models?diff=0&m=bigscience%2Fbloom,openai/gpt-4o")]
    [InlineData("/compare/models?m=bigscience/bloom-176b,,openai/gpt-4o,bigscience/bloom")] // a former name, and the same again
    public async Task However_it_is_asked_a_comparison_has_one_address(string path) =>
        Assert.Contains("<link rel=\"canonical\" href=\"/compare/models?m=bigscience/bloom,openai/gpt-4o\"", await ReadAsync(path), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_no_model_keeps_its_column_and_says_so_with_a_way_on()
    {
        var page = await ReadAsync("/compare/models?m=bigscience/bloom,nobody/gpt2");
        Assert.Contains("no: nothing has this name", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/compare/models?m=bigscience/bloom,openai-community/gpt2\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_model_is_shown_with_others_of_its_task_and_none_with_the_most_downloaded()
    {
        Assert.Contains("href=\"/compare/models?m=filler-lab/model-01,openai-community/gpt2\"", await ReadAsync("/compare/models?m=filler-lab/model-01"), StringComparison.Ordinal);
        Assert.Contains("href=\"/compare/models?m=sentence-transformers/all-MiniLM-L6-v2\"", await ReadAsync("/compare/models"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b,c/d,e/f,g/h,i/j", "Compare the first 4")]
    [InlineData("https://x/y/z/%00,a/b", "nothing has this name")]
    public async Task Too_many_are_refused_and_odd_names_are_only_names(string names, string words)
    {
        var (status, page) = await AskAsync($"/compare/models?m={names}");
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Equal(words.StartsWith("Compare", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task The_csv_has_the_cells_of_the_comparison()
    {
        using var answer = await fixture.Client.GetAsync($"/compare/models.csv?m={Pair}", TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("group,row,differs,bigscience/bloom,bigscience/bloom note,openai/gpt-4o,openai/gpt-4o note", lines[0]);
        Assert.StartsWith("Verdict,Class,yes,Open source,,Closed,", lines[1], StringComparison.Ordinal);
        Assert.Equal(ComparedFacts.All.Count, lines.Length - 1);
    }

    [Theory]
    [InlineData("", "bigscience/bloom,openai/gpt-4o")]
    [InlineData("&left=openai/gpt-4o", "openai/gpt-4o,bigscience/bloom")]
    [InlineData("&right=bigscience/bloom", "openai/gpt-4o,bigscience/bloom")]
    [InlineData("&left=gpt2&right=gpt2", "gpt2,bigscience/bloom")] // twice the same
    [InlineData("&left=no/such&right=%00", "bigscience/bloom,openai/gpt-4o")]
    public async Task A_phone_shows_the_two_columns_that_the_address_names(string pair, string shown)
    {
        var page = await ReadAsync($"/compare/models?m={Pair},gpt2{pair.Replace("gpt2", "openai-community/gpt2", StringComparison.Ordinal)}");
        var (left, right) = (shown.Split(',')[0].Replace("gpt2", "openai-community/gpt2", StringComparison.Ordinal), shown.Split(',')[1]);
        var swapped = (right, left) == (SampleCatalog.Bloom, SampleCatalog.Service) ? "" : $"&left={right}&right={left}"; // the first two need not be named
        Assert.Contains($"?m=bigscience/bloom,openai/gpt-4o,openai-community/gpt2{swapped}\">Swap", page, StringComparison.Ordinal);
        Assert.Contains("rel=\"canonical\" href=\"/compare/models?m=bigscience/bloom,openai/gpt-4o,openai-community/gpt2\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_models_page_leads_to_its_comparison() =>
        Assert.Contains("href=\"/compare/models?m=bigscience/bloom\"", await ReadAsync("/models/bigscience/bloom"), StringComparison.Ordinal);

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
