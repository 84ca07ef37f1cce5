using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Changes;

/// <summary>Conflicts that open and close, new models and new rules, each under its own kind.</summary>
public sealed class ChangeKindTests(PostgresFixture postgres)
{
    private const string Quarrel = "The tag says mit, the file LICENSE says gemma.";
    private static readonly DateTime JustBefore = SeedModel.Observed.AddDays(-3);
    private static readonly (Openness?, string?) Same = (Openness.OpenWeights, "apache-2.0");

    private static readonly SeedModel[] Models =
    [
        new("maker/opened") { Conflicts = [Quarrel], Before = Same, Earlier = Without },
        new("maker/closed") { Before = Same, Earlier = verdict => verdict with { License = verdict.License with { Conflicts = [Quarrel] } } },
        new("maker/ruled") { Class = Openness.OpenSource, Before = Same, Earlier = verdict => verdict with { RuleVersion = "0.1" } },
        new("maker/arrived") { CreatedAt = JustBefore, Conflicts = [Quarrel] },
        new("maker/liked") { CreatedAt = JustBefore, Downloads = 1, Likes = 50 },
        new("maker/service") { CreatedAt = JustBefore, State = RepoState.Service, Class = Openness.Closed, Downloads = 0, Likes = 0 },
        new("maker/unused") { CreatedAt = JustBefore, Downloads = 999, Likes = 49 },
        new("maker/long-known") { CreatedAt = SeedModel.Observed.AddDays(-31) },
        new("maker/copy-GGUF") { CreatedAt = JustBefore, Bases = [("maker/arrived", BaseRelation.Quantized)] },
        new("maker/as-before") { Before = Same },
    ];

    [Fact]
    public async Task Conflicts_new_models_and_new_rules_are_told_each_under_its_kind()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, Models);
        await using var site = await RunningSite.StartAsync(database);
        Assert.Equal(["maker/closed", "maker/opened"], await IdsAsync(site, "kind=conflict"));
        Assert.Equal(["maker/arrived", "maker/liked", "maker/service"], await IdsAsync(site, "kind=new"));
        Assert.Equal(["maker/ruled"], await IdsAsync(site, "kind=rules"));
        Assert.Equal(["maker/ruled"], await IdsAsync(site, "kind=class"));
        Assert.Empty(await IdsAsync(site, "kind=license"));
        Assert.Equal(["maker/arrived", "maker/closed", "maker/liked", "maker/opened", "maker/ruled", "maker/service"], await IdsAsync(site, ""));

        using var answer = JsonDocument.Parse(await ReadAsync(site, "/api/v1/changes?kind=conflict"));
        var opened = answer.RootElement.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == "maker/opened");
        Assert.Equal((true, false, Quarrel), (opened.GetProperty("conflict").GetBoolean(), opened.GetProperty("conflict_before").GetBoolean(), opened.GetProperty("disagreement").GetString()));

        var page = Plain.Text(await ReadAsync(site, "/changes?kind=conflict"));
        Assert.Contains("Sources began to disagree. " + Quarrel, page, StringComparison.Ordinal);
        Assert.Contains("sources no longer disagree", page, StringComparison.Ordinal);
        Assert.Contains("has 1,000 downloads in 30 days or 50 likes", Plain.Text(await ReadAsync(site, "/changes?kind=new")), StringComparison.Ordinal);

        var feed = await ReadAsync(site, "/changes.atom?kind=conflict");
        Assert.Contains("maker/opened: sources began to disagree about the licence", feed, StringComparison.Ordinal);
        Assert.Contains(Quarrel, feed, StringComparison.Ordinal);
        Assert.Contains("maker/arrived: new: open weights, licence Apache License 2.0, sources disagree about it", await ReadAsync(site, "/changes.atom?kind=new"), StringComparison.Ordinal);
        Assert.Contains("maker/arrived", await ReadAsync(site, "/"), StringComparison.Ordinal);
    }

    private static Verdict Without(Verdict verdict) => verdict with { License = verdict.License with { Conflicts = [] } };

    private static async Task<string?[]> IdsAsync(RunningSite site, string query)
    {
        using var answer = JsonDocument.Parse(await ReadAsync(site, "/api/v1/changes?" + query));
        var ids = answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(ids.Length, answer.RootElement.GetProperty("total").GetInt32());
        return ids;
    }

    private static Task<string> ReadAsync(RunningSite site, string path) => site.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
