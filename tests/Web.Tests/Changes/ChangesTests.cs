using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Changes;

/// <summary>The sample catalogue has one model whose verdict changed: its class and its licence.</summary>
public sealed class ChangesTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Theory]
    [InlineData("")]
    [InlineData("?kind=class")]
    [InlineData("?kind=license&org=TheBloke")]
    public async Task A_change_is_told_with_what_was_before(string query)
    {
        var page = Plain.Text(await ReadAsync("/changes" + query));
        Assert.Contains("from open source to", page, StringComparison.Ordinal);
        Assert.Contains("from Apache License 2.0 to Llama 3 Community License", page, StringComparison.Ordinal);
        using var answer = JsonDocument.Parse(await ReadAsync("/api/v1/changes" + query));
        var item = Assert.Single(answer.RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal((SampleCatalog.Quantized, "open-weights", "inferred", "open-source"), (item.GetProperty("id").GetString(), item.GetProperty("class").GetString(), item.GetProperty("basis").GetString(), item.GetProperty("class_before").GetString()));
        Assert.Equal(1, answer.RootElement.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_publisher_without_changes_has_a_quiet_page()
    {
        Assert.Contains("It has been quiet", Plain.Text(await ReadAsync("/changes?org=filler-lab")), StringComparison.Ordinal);
        Assert.Contains("\"total\":0", await ReadAsync("/api/v1/changes?org=filler-lab"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feed_has_an_entry_for_each_change_and_its_own_address()
    {
        using var answer = await fixture.Client.GetAsync("/changes.atom?kind=class", TestContext.Current.CancellationToken);
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType?.MediaType);
        var feed = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Root!;
        Assert.EndsWith("/changes.atom?kind=class", feed.Element(Atom + "id")!.Value, StringComparison.Ordinal);
        var entry = Assert.Single(feed.Elements(Atom + "entry"));
        Assert.StartsWith($"{SampleCatalog.Quantized}: class from open source to open weights", entry.Element(Atom + "title")!.Value, StringComparison.Ordinal);
        Assert.Equal($"{fixture.Site.Address.GetLeftPart(UriPartial.Authority)}/models/{SampleCatalog.Quantized}/history", entry.Element(Atom + "link")!.Attribute("href")!.Value);
        Assert.NotEqual(default, DateTimeOffset.Parse(feed.Element(Atom + "updated")!.Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("kind=old", "kind is class, license, conflict, new or rules.")]
    [InlineData("limit=0", "limit is a number from 1 to 100.")]
    [InlineData("cursor=-1", "cursor is what the list before said as next.")]
    [InlineData("clas=open", "clas is no key here; the keys are kind, org, model, license, cursor and limit.")]
    public async Task A_key_that_means_nothing_is_refused_everywhere_alike(string query, string words)
    {
        foreach (var path in new[] { "/changes", "/api/v1/changes", "/changes.atom" })
        {
            using var answer = await fixture.Client.GetAsync($"{path}?{query}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(words, Plain.Text(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        }
    }

    private Task<string> ReadAsync(string path) => fixture.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
