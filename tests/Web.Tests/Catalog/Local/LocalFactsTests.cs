using System.Text.Json;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Tests.Catalog.Local;

/// <summary>What one site knows by itself, as its lists show it.</summary>
public sealed class LocalFactsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Lists_can_be_narrowed_by_the_shelf_the_memory_and_the_policy_of_the_site()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database,
        [
            new("small/apache") { Parameters = 500_000_000 }, new("large/apache") { Parameters = 70_000_000_000 }, new("unknown/mit") { License = "mit" },
            new("some/research") { License = "cc-by-nc-4.0", LicenseClass = "non-commercial", Parameters = 100 }, new(BuiltInModel.Id) { License = "mit", Parameters = 1_000_000 },
        ]);
        await using var site = await RunningSite.StartAsync(database, "--Atlas:Policy:Deny=mit,non-commercial", "--Atlas:Policy:Review=", "--Atlas:Inference:MemoryBytes=2000000000");
        if (BuiltInModel.IsThere) await UntilAsync(site, "hosted=yes", BuiltInModel.Id);
        await UntilAsync(site, "policy=denied&hosted=no", "some/research", "unknown/mit");
        await UntilAsync(site, "policy=allowed", "large/apache", "small/apache");
        await UntilAsync(site, "fit=no", "large/apache");
        await UntilAsync(site, "fit=unknown", "unknown/mit");
        await UntilAsync(site, "fit=yes,tight&hosted=1", BuiltInModel.IsThere ? [BuiltInModel.Id] : []);
        var facets = JsonDocument.Parse(await site.Client.GetStringAsync("/api/v1/facets?policy=denied", TestContext.Current.CancellationToken)).RootElement.GetProperty("facets");
        Assert.Equal(["allowed 2", "denied 3"], facets.GetProperty("policy").EnumerateArray().Select(option => $"{option.GetProperty("value").GetString()} {option.GetProperty("count").GetInt32()}"));
        var method = await site.Client.GetStringAsync("/method", TestContext.Current.CancellationToken);
        Assert.Contains("MIT; non-commercial only", method, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("non-commercial, !commercial-use,mit", true)]
    [InlineData("", true)]
    [InlineData("noncommercial", false)]
    public void A_policy_of_terms_that_do_not_exist_is_refused(string deny, bool isGood)
    {
        var answer = new PolicyOptionsValidator().Validate(null, new() { Deny = deny });
        Assert.Equal(isGood, answer.Succeeded);
        if (!isGood) Assert.Contains("Atlas__Policy__Deny has 'noncommercial'", answer.FailureMessage, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(RunningSite site, string query, params string[] names)
    {
        string?[] found = [];
        for (var turn = 0; turn < 100; turn++)
        {
            var answer = JsonDocument.Parse(await site.Client.GetStringAsync($"/api/v1/models?sort=name&{query}", TestContext.Current.CancellationToken)).RootElement;
            found = [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];
            if (found.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal))) return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"{query}: {string.Join(", ", found)}");
    }
}
