using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Playground;
using Npgsql;

namespace ModelAtlas.Web.Tests.Playground;

public sealed class TermsTests(ShelfFixture shelf) : IClassFixture<ShelfFixture>
{
    private const string Order = """{"model":"acme/stories","prompt":"Once","max_tokens":3,"temperature":0}""";

    [Fact]
    public async Task PLAY_07_A_model_under_terms_runs_for_those_who_accepted_them()
    {
        await using var site = await StartAsync("llama3");
        using var refused = await PostAsync(site, "/v1/completions", null);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("terms_required", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var asked = await PostAsync(site, "/playground/runs", null);
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
        var cookie = Assert.Single(asked.Headers.GetValues("Set-Cookie")).Split(';')[0];
        using var accept = new HttpRequestMessage(HttpMethod.Post, "/playground/runs/terms?model=acme/stories");
        accept.Headers.Add("Cookie", cookie);
        using var accepted = await site.Client.SendAsync(accept, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, accepted.StatusCode);
        using var runs = await PostAsync(site, "/playground/runs", cookie);
        Assert.Equal(HttpStatusCode.OK, runs.StatusCode);
        using var another = await PostAsync(site, "/playground/runs", null);
        Assert.Equal(HttpStatusCode.Forbidden, another.StatusCode);
    }

    [Fact]
    public async Task PLAY_07_Another_text_of_the_licence_is_asked_for_again()
    {
        await using var site = await StartAsync("llama3");
        var contexts = site.Services.GetRequiredService<IDbContextFactory<AtlasDbContext>>();
        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(site.ConnectionString).Options); // cards are the ingest's to write
        var model = await db.Models.Where(row => row.RepoId == "acme/stories").Select(row => row.Id).FirstAsync(TestContext.Current.CancellationToken);
        db.Cards.Add(new() { ModelId = model, Text = "", LicensePath = "LICENSE", LicenseText = "The first text.", ObservedAt = SeedModel.Observed });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider(SeedModel.Observed);
        var terms = new Terms(contexts, site.Services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new PlaygroundOptions()), clock);
        var first = await terms.OfAsync("acme/stories", TestContext.Current.CancellationToken);
        Assert.NotNull(first);
        Assert.False(await terms.AreAcceptedAsync("a", first, TestContext.Current.CancellationToken));
        await terms.AcceptAsync("a", first, TestContext.Current.CancellationToken);
        Assert.True(await terms.AreAcceptedAsync("a", first, TestContext.Current.CancellationToken));
        Assert.False(await terms.AreAcceptedAsync("b", first, TestContext.Current.CancellationToken));

        await db.Cards.ExecuteUpdateAsync(card => card.SetProperty(row => row.LicenseText, "The second text."), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));
        var second = await terms.OfAsync("acme/stories", TestContext.Current.CancellationToken);
        Assert.NotNull(second);
        Assert.False(await terms.AreAcceptedAsync("a", second, TestContext.Current.CancellationToken));
        await terms.AcceptAsync("a", second, TestContext.Current.CancellationToken);
        Assert.Equal(2, await db.AcceptedTerms.CountAsync(row => row.Person == "a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task PLAY_07_An_open_licence_asks_for_nothing()
    {
        await using var site = await StartAsync("apache-2.0");
        using var answer = await PostAsync(site, "/v1/completions", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task PLAY_08_A_class_that_the_operator_does_not_allow_runs_by_no_route()
    {
        await using var site = await StartAsync("apache-2.0", "--Atlas:Playground:Classes=open-source");
        foreach (var route in new[] { "/v1/completions", "/playground/runs" })
        {
            using var refused = await PostAsync(site, route, null);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    private async Task<RunningSite> StartAsync(string license, params string[] settings)
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        var database = await shelf.DatabaseAsync();
        await CatalogSeed.WriteAsync(database, [new SeedModel("acme/stories") { License = license, Class = Openness.OpenWeights }], []);
        return await RunningSite.StartAsync(database, [$"--Atlas:Data={shelf.Folder}", .. settings]);
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningSite site, string path, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Order, new MediaTypeHeaderValue("application/json")) };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
