using System.Net;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Families;

public sealed class FamilyTests(PostgresFixture postgres)
{
    private static readonly SeedModel[] Models =
    [
        new("maker/root") { FormerNames = ["maker/old-root"], Bases = [("maker/grandchild", BaseRelation.Finetune)] }, // a circle
        new("maker/child") { Bases = [("maker/root", BaseRelation.Finetune)], Downloads = 10, License = "mit" },
        new("maker/grandchild") { Bases = [("maker/child", BaseRelation.Quantized)], Downloads = 90, Class = Openness.Closed },
        new("maker/merge") { Bases = [("maker/child", BaseRelation.Merge), ("maker/stranger", BaseRelation.Merge)], Downloads = 50 },
        new("maker/cousin") { Bases = [("maker/root", BaseRelation.SameData)] },
        new("maker/stranger"),
    ];

    [Fact]
    public async Task A_family_is_what_goes_back_to_a_model_and_nothing_else_circles_or_not()
    {
        await using var site = await StartAsync();
        var page = Plain.Text(await ReadAsync(site, "/families/maker/root"));
        Assert.Contains("3 models of the catalogue go back to it, over 2 generations.", page, StringComparison.Ordinal);
        foreach (var row in new[] { "How it was made Fine-tune Models 1", "How it was made Quantisation Models 1", "How it was made Merge Models 1", "Class Closed Models 1", "Licence MIT License Models 1" }) Assert.Contains(row, page, StringComparison.Ordinal);
        Assert.DoesNotContain("maker/cousin", page, StringComparison.Ordinal); // the same data is no descent
        Assert.DoesNotContain("maker/stranger", page, StringComparison.Ordinal);
        var order = new[] { "maker/grandchild Closed", "maker/merge Open weights", "maker/child Open weights" }.Select(name => page.IndexOf(name, StringComparison.Ordinal)).ToList();
        Assert.All(order, place => Assert.True(place > 0));
        Assert.Equal(order.Order(), order); // the most downloaded first
        Assert.Contains("It was itself made from maker/grandchild", page, StringComparison.Ordinal);
        Assert.Contains("3 models of the catalogue go back to it, over 2 generations.", Plain.Text(await ReadAsync(site, "/families/maker/child")), StringComparison.Ordinal); // the root is its grandchild too
        Assert.Contains("No model of the catalogue names this one as its base.", Plain.Text(await ReadAsync(site, "/families/maker/merge")), StringComparison.Ordinal);
        Assert.Contains("href=\"/families/maker/root\"", Plain.Of(await ReadAsync(site, "/models/maker/root/lineage")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_former_name_leads_to_the_new_one_and_an_unknown_one_is_told()
    {
        await using var site = await StartAsync();
        using var moved = await site.Client.GetAsync("/families/maker/old-root", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.MovedPermanently, "/families/maker/root"), (moved.StatusCode, moved.Headers.Location?.OriginalString));
        using var unknown = await site.Client.GetAsync("/families/no/such", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("Nothing in the catalogue is called no/such.", Plain.Text(await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    private async Task<RunningSite> StartAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, Models);
        return await RunningSite.StartAsync(database);
    }

    private static Task<string> ReadAsync(RunningSite site, string path) => site.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
