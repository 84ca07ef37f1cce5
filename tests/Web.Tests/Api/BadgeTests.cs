using System.Net;
using System.Xml.Linq;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Badges;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Api;

public sealed class BadgeTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("/badge/bigscience/bloom.svg", HttpStatusCode.OK, "open source: bigscience-bloom-rail-1.0")]
    [InlineData("/badge/bigscience/bloom-176b.svg", HttpStatusCode.OK, "open source: bigscience-bloom-rail-1.0")] // a former name
    [InlineData("/badge/mistralai/Mistral-7B-v0.1.svg", HttpStatusCode.OK, "open weights: Apache-2.0")]
    [InlineData("/badge/openai/whisper-large-v3.svg", HttpStatusCode.OK, "open weights?: Apache-2.0")]
    [InlineData("/badge/openai/gpt-4o.svg", HttpStatusCode.OK, "closed: no licence found")]
    [InlineData("/badge/no/such.svg", HttpStatusCode.NotFound, "model: not in the catalogue")]
    public async Task A_badge_says_class_and_licence_and_is_a_picture_in_any_case(string path, HttpStatusCode status, string words)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((status, "image/svg+xml"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.True(answer.Headers.CacheControl is { Public: true, MaxAge.TotalMinutes: >= 1 });
        var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Root!;
        Assert.Equal(words, svg.Attribute("aria-label")!.Value);
        Assert.True(svg.ToString().Length < 2_000);
    }

    [Fact]
    public void What_others_wrote_cannot_break_out_of_the_picture()
    {
        var svg = XDocument.Parse(Badge.Of(new(Openness.OpenWeights, Basis.Claimed, "\"><script>alert(1)</script>\u202E"))).Root!;
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.DoesNotContain('\u202E', svg.ToString());
    }
}
