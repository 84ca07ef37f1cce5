using System.Net;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.Licenses.Comparing;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Licenses;

public sealed class LicenseComparisonTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("apache-2.0,gemma")]
    [InlineData("apache-2.0,gemma,llama3,mit,cc-by-nc-4.0")]
    public async Task The_page_has_a_row_for_every_fact_and_with_diff_only_those_that_differ(string ids)
    {
        var comparison = LicenseComparison.Of([.. ids.Split(',').Select(LicenseDesk.Find).OfType<License>()]);
        var all = await ReadAsync($"/compare/licenses?l={ids}");
        var differences = await ReadAsync($"/compare/licenses?l={ids}&diff=1");
        foreach (var row in comparison.Rows)
        {
            Assert.Contains($"<th scope=\"row\">{row.Tag.Label}", all, StringComparison.Ordinal);
            Assert.Equal(row.Differs, differences.Contains($"<th scope=\"row\">{row.Tag.Label}", StringComparison.Ordinal));
        }
        Assert.Equal(comparison.Rows.Count * comparison.Licenses.Count, all.Split("class=\"answer-sign\"").Length - 1);
    }

    [Theory]
    [InlineData("/compare/licenses?l=apache-2.0&l=gemma")]
    [InlineData("/compare/licenses?diff=0&l=apache%202.0&l=gemma")]
    [InlineData("/compare/licenses?l=Apache-2.0,,GEMMA,gemma")]
    public async Task However_it_is_asked_a_comparison_has_one_address(string path) =>
        Assert.Contains("<link rel=\"canonical\" href=\"/compare/licenses?l=apache-2.0,gemma\"", await ReadAsync(path), StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_licence_is_told_and_the_others_are_kept()
    {
        var page = await ReadAsync("/compare/licenses?l=mit,no-such-thing,gemma");
        Assert.Contains("no-such-thing", page, StringComparison.Ordinal);
        Assert.Contains("Not a licence we know", page, StringComparison.Ordinal);
        Assert.Contains("Facts of MIT, Gemma", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_licence_is_shown_with_others_to_compare_it_with_and_none_is_a_start()
    {
        var one = await ReadAsync("/compare/licenses?l=gemma");
        Assert.Contains("href=\"/compare/licenses?l=gemma,apache-2.0\"", one, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">Commercial use", one, StringComparison.Ordinal);
        Assert.Contains("href=\"/compare/licenses?l=apache-2.0\"", await ReadAsync("/compare/licenses"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_five_are_refused_with_a_way_on()
    {
        var (status, page) = await AskAsync("/compare/licenses?l=apache-2.0,gemma,llama3,mit,cc-by-nc-4.0,llama2");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("href=\"/compare/licenses?l=apache-2.0,gemma,llama3,mit,cc-by-nc-4.0\"", page, StringComparison.Ordinal);
        (status, _) = await AskAsync("/compare/licenses?l=" + string.Join(',', Enumerable.Range(0, 2_000)));
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task The_csv_has_the_cells_of_the_comparison()
    {
        using var answer = await fixture.Client.GetAsync("/compare/licenses.csv?l=apache-2.0,gemma", TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("group,fact,differs,apache-2.0,apache-2.0 clause,apache-2.0 note,gemma,gemma clause,gemma note", lines[0]);
        Assert.Equal(FactTag.All.Count, lines.Length - 1);
        Assert.StartsWith("permission,commercial-use,no,yes,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_a_spreadsheet_would_run_is_text_and_quotes_stay_whole()
    {
        var mit = LicenseDesk.Find("mit")!;
        var odd = mit with { Facts = [mit.Facts[0] with { Note = "=HYPERLINK(\"http://x\")", Clause = "@a" }, .. mit.Facts.Skip(1)] };
        Assert.Contains("yes,'@a,\"'=HYPERLINK(\"\"http://x\"\")\"", LicenseCsv.Write(LicenseComparison.Of([odd]), false), StringComparison.Ordinal);
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
