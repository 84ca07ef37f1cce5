using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Api;

/// <summary>The card of a model that other sites show in a frame.</summary>
public sealed class EmbedTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("/embed/bigscience/bloom", HttpStatusCode.OK, "bigscience/bloom Open source", "Licence: BigScience BLOOM RAIL 1.0")]
    [InlineData("/embed/bigscience/bloom-176b", HttpStatusCode.OK, "bigscience/bloom Open source", "Not legal advice.")] // a former name
    [InlineData("/embed/TheBloke/Meta-Llama-3-8B-GGUF", HttpStatusCode.OK, "Open weights inferred", "Sources disagree about it.")]
    [InlineData("/embed/no/such", HttpStatusCode.NotFound, "Not in the catalogue", "ModelAtlas has no model of this name.")]
    public async Task A_card_says_what_the_model_is_and_may_stand_anywhere(string path, HttpStatusCode status, string words, string more)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((status, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("default-src 'none'; base-uri 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors *", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.False(answer.Headers.Contains("X-Frame-Options"));
        Assert.True(answer.Headers.CacheControl is { Public: true, MaxAge.TotalMinutes: >= 1 });
        var card = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", card, StringComparison.OrdinalIgnoreCase);
        Assert.True(card.Length < 6_000, $"{card.Length} letters");
        var text = Plain.Text(card);
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains(more, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_wrote_stays_words()
    {
        var card = await fixture.Client.GetStringAsync(Web.Badges.BadgeEndpoints.Card(SampleCatalog.Hostile), TestContext.Current.CancellationToken);
        Assert.Contains("my licence, see &lt;b&gt;LICENSE&lt;/b&gt;", card, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", card, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/models/bigscience/bloom")]
    [InlineData("/embed/bigscience")]
    public async Task Every_other_page_stays_out_of_frames(string path)
    {
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_models_page_says_how_to_put_it_there()
    {
        var page = WebUtility.HtmlDecode(await fixture.Client.GetStringAsync("/models/bigscience/bloom", TestContext.Current.CancellationToken));
        var origin = fixture.Site.Address.GetLeftPart(UriPartial.Authority);
        Assert.Contains($"<iframe src=\"{origin}/embed/bigscience/bloom\"", page, StringComparison.Ordinal);
        Assert.Contains($"({origin}/badge/bigscience/bloom.svg)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_shows_it_in_the_frame_of_another_site_and_no_other_page()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        await using var other = builder.Build();
        other.MapGet("/", () => Results.Text($"<title>Other</title><iframe name=card src=\"{fixture.Site.Address}embed/bigscience/bloom\" width=360 height=200></iframe><iframe name=page src=\"{fixture.Site.Address}models/bigscience/bloom\"></iframe>", "text/html"));
        await other.StartAsync(TestContext.Current.CancellationToken);
        await using var context = await (await browsers.OpenAsync()).NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(other.Urls.First());
        await page.FrameLocator("[name=card]").GetByText("Not legal advice").WaitForAsync();
        Assert.Equal(0, await page.FrameLocator("[name=page]").GetByRole(Microsoft.Playwright.AriaRole.Heading).CountAsync());
    }
}
