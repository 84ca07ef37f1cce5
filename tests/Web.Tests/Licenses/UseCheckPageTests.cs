using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.ModelPages;

namespace ModelAtlas.Web.Tests.Licenses;

/// <summary>The check over lineages of the test's own making.</summary>
public sealed class UseCheckPageTests(PostgresFixture postgres)
{
    private static readonly SeedModel[] Family =
    [
        new("root/llama") { License = "llama3", LicenseClass = "licensee-restricted", Axes = new("public", "licensee-restricted", "partial", "none") },
        new("mid/tune") { Bases = [("root/llama", BaseRelation.Finetune)] },
        new("leaf/quant") { Bases = [("mid/tune", BaseRelation.Quantized)] },
        new("alone/permissive"),
        new("orphan/tune") { Bases = [("nobody/knows-this", BaseRelation.Finetune)] },
        new("same/data") { Bases = [("root/llama", BaseRelation.SameData)] },
        new("limited/by-its-card") { Axes = new("public", "non-commercial", "open", "open") },
        new("loop/a") { Bases = [("loop/b", BaseRelation.Finetune)] },
        new("loop/b") { Bases = [("loop/a", BaseRelation.Finetune)] },
    ];

    [Fact]
    public async Task The_licence_of_every_base_binds_and_what_is_not_known_is_never_a_yes()
    {
        await using var site = await StartAsync();
        var lineages = site.Services.GetRequiredService<LineageReader>();
        var bound = await lineages.ReadAsync([.. Family.Select(seed => seed.RepoId), "no/such", "LEAF/Quant"], TestContext.Current.CancellationToken);
        UseOutcome Above(string id) => UseCheck.Answer(UseQuestion.UseAboveLimits, bound.Single(model => model.Asked == id).Links).Outcome;

        Assert.Equal(UseOutcome.NotAllowed, Above("root/llama"));
        Assert.Equal(UseOutcome.NotAllowed, Above("leaf/quant"));
        Assert.Equal(UseOutcome.NotAllowed, Above("LEAF/Quant"));
        Assert.Equal(["leaf/quant", "mid/tune", "root/llama"], bound.Single(model => model.Asked == "leaf/quant").Links.Select(link => link.Subject));
        Assert.Equal(UseOutcome.Allowed, Above("alone/permissive"));
        Assert.Equal(UseOutcome.Allowed, Above("same/data"));
        Assert.Equal(UseOutcome.Allowed, Above("loop/a"));
        Assert.Equal(UseOutcome.AskCounsel, Above("orphan/tune"));
        Assert.Equal(UseOutcome.AskCounsel, Above("limited/by-its-card"));
        Assert.Equal(UseOutcome.AskCounsel, Above("no/such"));
    }

    [Fact]
    public async Task A_lineage_too_long_to_follow_is_for_counsel()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, Enumerable.Range(0, 20).Select(number => new SeedModel($"chain/{number}") { Bases = number == 0 ? [] : [($"chain/{number - 1}", BaseRelation.Finetune)] }));
        await using var site = await RunningSite.StartAsync(database);
        var bound = (await site.Services.GetRequiredService<LineageReader>().ReadAsync(["chain/19", "chain/5"], TestContext.Current.CancellationToken)).ToDictionary(model => model.Asked, model => model.Links);
        Assert.Equal(UseOutcome.AskCounsel, UseCheck.Answer(UseQuestion.RunInside, bound["chain/19"]).Outcome);
        Assert.Equal(UseOutcome.Allowed, UseCheck.Answer(UseQuestion.RunInside, bound["chain/5"]).Outcome);
    }

    [Fact]
    public async Task The_page_answers_with_the_clauses_names_what_binds_and_says_what_it_is_not()
    {
        await using var site = await StartAsync();
        var page = await site.Client.GetStringAsync("/licenses/check?m=leaf/quant&use=use-above-limits", TestContext.Current.CancellationToken);
        var text = Plain.Text(page);
        Assert.Contains("Not allowed", text, StringComparison.Ordinal);
        Assert.Contains("700 million", text, StringComparison.Ordinal);
        Assert.Contains("clause 2", text, StringComparison.Ordinal);
        Assert.Contains("root/llama", text, StringComparison.Ordinal);
        Assert.Contains("Not legal advice", text, StringComparison.Ordinal);
        Assert.Single(Plain.Of(page).Split("<dt>").Skip(1));

        text = Plain.Text(await site.Client.GetStringAsync("/licenses/check?m=no/such,alone/permissive&l=my-own-terms", TestContext.Current.CancellationToken));
        Assert.Contains("not in the catalogue", text, StringComparison.Ordinal);
        Assert.Contains("No licence that we know: my-own-terms", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/licenses/check?m=a/1,a/2,a/3,a/4,a/5,a/6", "m takes at most 5 models")]
    [InlineData("/licenses/check?m=a/1&use=sell", "use is run-inside, ")]
    public async Task A_question_that_cannot_be_asked_is_refused_with_what_can(string path, string words)
    {
        await using var site = await StartAsync();
        using var answer = await site.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_page_has_the_answers_and_the_duties_of_its_whole_lineage()
    {
        await using var site = await StartAsync();
        var text = Plain.Text(await site.Client.GetStringAsync(CatalogUrl.Model("leaf/quant"), TestContext.Current.CancellationToken));
        foreach (var use in LicenseWords.Uses) Assert.Contains(use.Label, text, StringComparison.Ordinal);
        Assert.Contains("Conditions you must meet", text, StringComparison.Ordinal);
        Assert.Contains("those of 2 bases", text, StringComparison.Ordinal);
    }

    private async Task<RunningSite> StartAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, Family);
        return await RunningSite.StartAsync(database);
    }
}
