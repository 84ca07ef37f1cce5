using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Exports;
using ModelAtlas.Web.Tests.Site;
using Parquet;

namespace ModelAtlas.Web.Tests.Exports;

/// <summary>An export is the list behind the same address, all of its pages.</summary>
public sealed class ExportTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string Filter = "?class=open-weights&rel=any&sort=name&dir=asc";

    [Theory]
    [InlineData("?rel=any")]
    [InlineData("?rel=original&sort=likes")]
    [InlineData(Filter)]
    [InlineData("?class=closed&license=mit&rel=any")]
    public async Task Every_format_holds_the_models_of_the_list_in_its_order(string query)
    {
        var wanted = await ListAsync(query);
        var lines = (await TextAsync("/models.csv" + query)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(string.Join(',', ExportColumn.All.Select(column => column.Name)), lines[0]);
        Assert.Equal(wanted, lines[1..].Select(line => line.Split(',')[0].Trim('"')));
        Assert.Equal(wanted, (await TextAsync("/models.jsonl" + query)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
        Assert.Equal(wanted, await ParquetIdsAsync(query));
    }

    [Fact]
    public async Task Without_a_word_on_origin_a_file_holds_what_the_page_shows() =>
        Assert.Equal(await ListAsync("?rel=original"), (await TextAsync("/models.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));

    [Fact]
    public async Task A_line_of_json_is_the_item_of_the_api()
    {
        using var answer = JsonDocument.Parse(await TextAsync("/api/v1/models?q=bloom"));
        Assert.Equal(answer.RootElement.GetProperty("items")[0].GetRawText(), (await TextAsync("/models.jsonl?q=bloom")).TrimEnd('\n'));
    }

    [Fact]
    public async Task Parquet_keeps_numbers_dates_and_what_is_not_known()
    {
        await using var file = new MemoryStream(await fixture.Client.GetByteArrayAsync($"/models.parquet?q=bloom", TestContext.Current.CancellationToken));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ExportColumn.All.Select(column => column.Name), reader.Schema.DataFields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        var (parameters, created) = (new long?[group.RowCount], new DateTime?[group.RowCount]);
        await group.ReadAsync<long>(reader.Schema.DataFields.Single(field => field.Name == "parameters"), parameters.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
        await group.ReadAsync<DateTime>(reader.Schema.DataFields.Single(field => field.Name == "created_at"), created.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(176_247_271_424, parameters[0]);
        Assert.Equal(new DateTime(2022, 5, 19), created[0]?.Date);
    }

    [Fact]
    public async Task No_cell_is_a_formula_and_hostile_names_stay_whole()
    {
        var csv = await TextAsync("/models.csv?org=evil");
        Assert.DoesNotContain(",=", csv, StringComparison.Ordinal);
        using var line = JsonDocument.Parse(await TextAsync("/models.jsonl?org=evil"));
        Assert.Equal(SampleCatalog.Hostile, line.RootElement.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("/models.csv?clas=open", "clas is no key here")]
    [InlineData("/models.parquet?class=ajar", "class is open-source")]
    [InlineData("/models.atom?sort=age", "sort is downloads")]
    public async Task A_wrong_key_is_refused_as_on_the_page(string path, string words)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feed_of_a_filter_has_its_newest_models_first()
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var feed = XDocument.Parse(await TextAsync("/models.atom?class=open-source&rel=any")).Root!;
        Assert.EndsWith("/models.atom?class=open-source&rel=any&sort=created", feed.Element(atom + "id")!.Value, StringComparison.Ordinal);
        Assert.Equal(await ListAsync("?class=open-source&rel=any&sort=created"), feed.Elements(atom + "entry").Select(entry => entry.Element(atom + "title")!.Value));
        Assert.All(feed.Elements(atom + "entry"), entry => Assert.StartsWith(fixture.Site.Address.ToString(), entry.Element(atom + "link")!.Attribute("href")!.Value, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<string?>> ListAsync(string query)
    {
        using var answer = JsonDocument.Parse(await TextAsync($"/api/v1/models{query}{(query.Length == 0 ? "?" : "&")}limit=100"));
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("next").ValueKind);
        return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];
    }

    private async Task<IReadOnlyList<string?>> ParquetIdsAsync(string query)
    {
        await using var file = new MemoryStream(await fixture.Client.GetByteArrayAsync("/models.parquet" + query, TestContext.Current.CancellationToken));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        List<string?> ids = [];
        for (var number = 0; number < reader.RowGroupCount; number++)
        {
            using var group = reader.OpenRowGroupReader(number);
            var column = new string?[group.RowCount];
            await group.ReadAsync(reader.Schema.DataFields[0], column.AsMemory());
            ids.AddRange(column);
        }
        return ids;
    }

    private Task<string> TextAsync(string path) => fixture.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
