using System.Net;
using System.Text.RegularExpressions;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>Publishers, charts and the method.</summary>
public sealed partial class RollUpPageTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task A_publishers_page_counts_its_models_and_leads_to_them()
    {
        var page = await ReadAsync("/orgs/filler-lab");
        Assert.Contains("<a href=\"/models?org=filler-lab&rel=any\">60 models</a>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/models?class=open-weights&org=filler-lab&rel=any\"", page, StringComparison.Ordinal);
        Assert.Contains("60 not established", page, StringComparison.Ordinal);
        Assert.Contains("filler-lab/model-60", Plain.Text(page), StringComparison.Ordinal);
        Assert.Contains("from open source to", Plain.Text(await ReadAsync("/orgs/TheBloke")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/orgs/nobody")]
    [InlineData("/orgs/FILLER-LAB")]
    [InlineData("/orgs/%3Cscript%3E")]
    public async Task A_publisher_that_is_not_there_is_told(string path)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Each_chart_has_its_table_and_its_parts_add_up()
    {
        var page = await ReadAsync("/stats");
        var charts = page.Split("<section class=\"stat\"")[1..];
        Assert.True(charts.Length >= 6);
        foreach (var chart in charts)
        {
            Assert.Contains("<caption", chart, StringComparison.Ordinal);
            foreach (var row in chart.Split("<tr>")[2..])
            {
                Assert.Contains("<svg class=\"share-bar\"", row, StringComparison.Ordinal);
                var numbers = Number().Matches(row).Select(match => int.Parse(match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)).ToList();
                if (numbers.Count > 1) Assert.Equal(numbers[0], numbers[1..].Sum());
            }
        }
        var all = SampleCatalog.Models.Count(model => model.Class is not null);
        Assert.Equal(all, ClassRow().Matches(charts[0]).Sum(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_method_shows_every_lens_as_the_rules_answer_it()
    {
        var page = await ReadAsync("/method");
        foreach (var lens in Lenses.All) Assert.Contains($"id=\"lens-{Lenses.Word(lens)}\"", page, StringComparison.Ordinal);
        var (start, end) = (page.IndexOf("id=\"lens-default\"", StringComparison.Ordinal), page.IndexOf("id=\"lens-strict\"", StringComparison.Ordinal));
        var grid = Plain.Text(page[start..end]);
        Assert.Contains("use-restricted", grid, StringComparison.Ordinal);
        Assert.Equal(6, grid.Split("Open source").Length - 1); // two kinds of licence, three levels of data
        Assert.Contains(Classifier.RuleVersion, Plain.Text(page), StringComparison.Ordinal);
        Assert.Contains("47 of 51", Plain.Text(page), StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(string path) => Plain.Of(await fixture.Client.GetStringAsync(path, TestContext.Current.CancellationToken));

    [GeneratedRegex("<td class=\"cell-number\">(?:<span[^>]*>[^<]*</span>)?([0-9,]+)</td>", RegexOptions.None, 5_000)]
    private static partial Regex Number();

    [GeneratedRegex("href=\"/models\\?class=(?:open-source|open-weights|closed)&rel=any\">.*?<td class=\"cell-number\"><span[^>]*>Models </span>([0-9]+)</td>", RegexOptions.None, 5_000)]
    private static partial Regex ClassRow();
}
