using System.Net;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.Admin;

public sealed class AdminRulesTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_rehearsal_shows_what_would_flip_and_writes_nothing()
    {
        await using var site = await AccountSite.StartAsync(postgres, SampleCatalog.Models);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.VisitAsAsync("pia")).GetAsync("/admin/rules")).Status);
        var root = await site.VisitAsAsync("root");
        var before = Plain.Text((await root.GetAsync("/admin/rules")).Body);
        Assert.Contains($"{Classifier.RuleVersion}, in forceModels {SampleCatalog.Models.Count}", before, StringComparison.Ordinal);
        Assert.DoesNotContain("would be", before, StringComparison.Ordinal);

        // The seed says that MiniLM is open source, and the stored facts name neither code nor data.
        var (was, flips) = (await StateAsync(site), Plain.Text((await UntilAsync(root, "/admin/rules?lens=default&of=100")).Body));
        Assert.Contains("would be something else.", flips, StringComparison.Ordinal);
        Assert.Contains("Of 1 model the stored facts cannot be read.", flips, StringComparison.Ordinal); // the hostile one
        Assert.Contains("sentence-transformers/all-MiniLM-L6-v2 Class from open source to", flips, StringComparison.Ordinal);
        Assert.DoesNotContain(SampleCatalog.Service, flips, StringComparison.Ordinal);
        Assert.NotEqual(flips, Plain.Text((await root.GetAsync("/admin/rules?lens=lenient&of=500")).Body));
        Assert.Equal(was, await StateAsync(site));
        Assert.DoesNotContain("would be", (await root.GetAsync("/admin/rules?lens=none")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_page_has_its_rules_and_what_they_say_of_the_catalogue()
    {
        SeedModel[] models = [new("a/mit") { License = "mit" }, new("b/mit") { License = "mit" }, new("c/apache")];
        await using var site = await AccountSite.StartAsync(postgres, models, "--Atlas:Policy:Deny=mit", "--Atlas:Policy:Review=");
        var root = await site.VisitAsAsync("root");
        var page = "";
        for (var turn = 0; turn < 100 && !page.Contains("Not allowed2", StringComparison.Ordinal); turn++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            page = Plain.Text((await root.GetAsync("/admin/policies")).Body);
        }
        Assert.Contains("Not allowed2", page, StringComparison.Ordinal);
        Assert.Contains("Allowed1", page, StringComparison.Ordinal);
        Assert.Contains("Not allowedMIT", page, StringComparison.Ordinal);
    }

    /// <summary>Once the index has what was seeded.</summary>
    private static async Task<Answer> UntilAsync(Visitor visitor, string page)
    {
        for (var turn = 0; ; turn++)
        {
            var answer = await visitor.GetAsync(page);
            if (turn == 100 || answer.Body.Contains("MiniLM", StringComparison.Ordinal)) return answer;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<object?> StateAsync(AccountSite site)
    {
        await using var source = NpgsqlDataSource.Create(site.Site.ConnectionString);
        await using var command = source.CreateCommand("SELECT count(*) || ' ' || (SELECT last_value FROM model_rev) FROM verdict");
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
