using System.Text.Json;
using System.Text.RegularExpressions;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Types;

namespace ModelAtlas.Web.Tests.Types;

/// <summary>The nine rows over the catalogue that comes with the program.</summary>
public sealed partial class TypesPageTests(BundledSite bundled) : IClassFixture<BundledSite>
{
    [Fact]
    public async Task At_most_three_of_the_27_cells_have_no_number()
    {
        var page = Plain.Of(await ReadAsync("/types"));
        var numbers = Cell().Count(page);
        Assert.Equal(9 * 3, numbers + page.Split("not available: ").Length - 1);
        Assert.InRange(numbers, 24, 27);
    }

    [Fact]
    public async Task A_number_is_what_the_list_behind_its_link_holds()
    {
        var page = Plain.Of(await ReadAsync("/types"));
        var compared = 0;
        foreach (Match cell in Cell().Matches(page))
        {
            var (href, number) = (cell.Groups[1].Value, cell.Groups[2].Value);
            var total = await TotalAsync(href);
            if (!number.EndsWith('%')) Assert.True(Amount.Full(total) == number || !cell.Groups[3].Value.StartsWith("model", StringComparison.Ordinal), $"{href}: {total}, not {number}");
            else if (FirstKey().Replace(href, "").Replace("&rel=any", "", StringComparison.Ordinal) is { Length: > 0 } narrowed && narrowed.Contains('=', StringComparison.Ordinal))
            {
                if (narrowed.Contains("updated=", StringComparison.Ordinal) || narrowed.Contains("created=", StringComparison.Ordinal) || narrowed.Contains("gated=", StringComparison.Ordinal)) continue; // of those that say it at all
                compared++;
                Assert.Equal(number, Amount.Percent(total, await TotalAsync($"/models?class={ClassOf().Match(href).Groups[1].Value}&rel=any")));
            }
        }
        Assert.InRange(compared, 8, 27);
    }

    [Fact]
    public async Task Examples_carry_the_articles_label_ours_and_a_difference_of_licence()
    {
        var page = Plain.Text(await ReadAsync("/types"));
        foreach (var example in ArticleExample.All) Assert.Contains(example.Name + example.RepoId, page, StringComparison.Ordinal);
        Assert.DoesNotContain("not in this catalogue", page, StringComparison.Ordinal);
        Assert.Contains("Another licence. Falcon 180B TII License 1.0 does not limit who may use the model.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Another class.", page, StringComparison.Ordinal);
        Assert.Contains("Llama 3 Community License Agreement limits who may use the model.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1319, "0 %")]
    [InlineData(1, 1319, "<1 %")]
    [InlineData(1318, 1319, ">99 %")]
    [InlineData(1319, 1319, "100 %")]
    [InlineData(1, 3, "33 %")]
    [InlineData(5, 0, "–")]
    public void A_share_is_never_nothing_of_some_nor_all_of_not_all(int part, int whole, string words) => Assert.Equal(words, Amount.Percent(part, whole));

    [Fact]
    public void Of_a_handful_of_models_no_share_is_told()
    {
        var few = new KindNumbers(Openness.OpenSource, 30)
        {
            Models = 19,
            Established = 1,
            OpenRecipe = 1,
            WithData = 1,
            WithPaper = 1,
            MayModify = 1,
            WithoutUseList = 1,
            Publishers = 1,
            ReadyFormat = 1,
            Services = 0,
            Hosted = 0,
            Room = null,
            NotGated = 1,
            GateKnown = 19,
            Dated = 19,
            Fresh = 1,
            MedianLikes = null,
            MedianParameters = null,
            Tasks = [("text-generation", 10)],
            Sample = new(19, 1),
            Year = "2025-01-01..",
        };
        Assert.Equal(["definition", "community"], KindRow.All.Where(row => row.Of(few) is not null).Select(row => row.Id));
        Assert.All(KindRow.All, row => Assert.NotNull(row.Of(few with { Models = 20, GateKnown = 20, Dated = 20, Sample = new(20, 1) })));
    }

    private async Task<string> ReadAsync(string path) => await bundled.Site.Client.GetStringAsync(path, TestContext.Current.CancellationToken);

    private async Task<int> TotalAsync(string page)
    {
        using var answer = JsonDocument.Parse(await ReadAsync(page.Replace(CatalogUrl.Page, CatalogUrl.Api, StringComparison.Ordinal) + "&limit=1"));
        return answer.RootElement.GetProperty("total").GetInt32();
    }

    [GeneratedRegex("class=\"kind-number\"><a href=\"([^\"]*)\"><strong>([^<]*)</strong> ([^<]*)", RegexOptions.None, 5_000)]
    private static partial Regex Cell();

    [GeneratedRegex("^/models\\?class=[a-z-]*", RegexOptions.None, 5_000)]
    private static partial Regex FirstKey();

    [GeneratedRegex("class=([a-z-]*)", RegexOptions.None, 5_000)]
    private static partial Regex ClassOf();
}
