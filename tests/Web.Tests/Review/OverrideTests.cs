using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Review;
using ModelAtlas.Web.Review.Data;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Faults;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.Review;

public sealed class OverrideTests(PostgresFixture postgres)
{
    private const string Why = "Its maker told us in writing that the weights are under this licence.";
    private const string Page = "/admin/overrides";
    private static readonly (string, string)[] Sane = [("Entry.Model", SampleCatalog.Quantized), ("Entry.Class", "closed"), ("Entry.License", "cc-by-nc-4.0"), ("Entry.Reason", Why), ("Entry.Days", "30")];

    [Fact]
    public async Task An_override_holds_everywhere_beside_what_the_rules_say_until_it_ends()
    {
        await using var site = await StartAsync();
        var (visitor, root) = (site.Visit(), await site.VisitAsAsync("root"));
        Assert.True((await visitor.GetAsync(Page)).AsksToSignIn);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.VisitAsAsync("pia")).GetAsync(Page)).Status);
        Assert.DoesNotContain(SampleCatalog.Quantized, await ListAsync(visitor, "class=closed"), StringComparer.Ordinal);

        var set = Plain.Text((await root.SubmitAsync(Page, "set", Sane)).Body);
        Assert.Contains("Set. Lists and counts follow", set, StringComparison.Ordinal);
        Assert.Contains("by root on", set, StringComparison.Ordinal);

        // The list, its filters and its counts.
        await UntilAsync(async () => (await ListAsync(visitor, "class=closed&license=cc-by-nc-4.0&conf=verified&conflict=no")).Contains(SampleCatalog.Quantized));
        Assert.DoesNotContain(SampleCatalog.Quantized, await ListAsync(visitor, "class=open-weights"), StringComparer.Ordinal);

        // The API.
        var model = JsonDocument.Parse((await visitor.GetAsync($"/api/v1/models/{SampleCatalog.Quantized}")).Body).RootElement;
        Assert.Equal("closed", model.GetProperty("class").GetString());
        var told = model.GetProperty("model").GetProperty("override");
        Assert.Equal((Why, "open-weights", "llama3", true), (told.GetProperty("reason").GetString(), told.GetProperty("rules_class").GetString(), told.GetProperty("rules_license").GetString(), told.GetProperty("rules_conflict").GetBoolean()));

        // The pages.
        var page = Plain.Text((await visitor.GetAsync($"/models/{SampleCatalog.Quantized}?fresh=1")).Body);
        Assert.Contains("Class and licence set by a person", page, StringComparison.Ordinal);
        Assert.Contains("The rules say:", page, StringComparison.Ordinal);
        Assert.Contains("Llama 3", page, StringComparison.Ordinal);
        Assert.Contains("set by a person", (await visitor.GetAsync("/models?q=GGUF")).Body, StringComparison.Ordinal);
        Assert.Contains(Why, (await visitor.GetAsync("/models.csv?class=closed&rel=any")).Body, StringComparison.Ordinal);
        Assert.Contains(Why, (await visitor.GetAsync($"/models/{SampleCatalog.Quantized}/bom.cdx.json")).Body, StringComparison.Ordinal);

        Assert.Contains("closed", (await visitor.GetAsync($"/badge/{SampleCatalog.Quantized}.svg")).Body, StringComparison.OrdinalIgnoreCase);

        // The end of it, and what is kept.
        var ended = Plain.Text((await root.SubmitAsync(Page, "end", [("Id", "1"), ("Typed", SampleCatalog.Quantized), ("Why", "The letter was forged.")])).Body);
        Assert.Contains("The rules decide again.", ended, StringComparison.Ordinal);
        var late = await root.SubmitAsync(Page, "end", [("Id", "1"), ("Why", "Another admin's page still shows it.")]);
        Assert.Equal(HttpStatusCode.BadRequest, late.Status);
        Assert.Contains("This override has ended already, or there is none.", Plain.Text(late.Body), StringComparison.Ordinal);
        await UntilAsync(async () => (await ListAsync(visitor, "class=open-weights&conflict=yes")).Contains(SampleCatalog.Quantized));
        Assert.Contains(Why, (await visitor.GetAsync($"/models/{SampleCatalog.Quantized}/history")).Body, StringComparison.Ordinal);
        var audit = Plain.Text((await root.GetAsync("/admin/review")).Body);
        Assert.Contains($"override set to class closed and licence cc-by-nc-4.0 for 30 days: {SampleCatalog.Quantized}", audit, StringComparison.Ordinal);
        Assert.Contains("The letter was forged.", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_its_day_an_override_is_over_without_anybody_doing_anything()
    {
        await using var site = await StartAsync();
        var visitor = site.Visit();
        var desk = site.Site.Services.GetRequiredService<OverrideDesk>();
        Assert.Null(await desk.SetAsync(SampleCatalog.Quantized, "closed", null, Why, 1, "root", TestContext.Current.CancellationToken));
        await UntilAsync(async () => (await ListAsync(visitor, "class=closed")).Contains(SampleCatalog.Quantized));
        await using (var db = await site.Site.Services.GetRequiredService<IDbContextFactory<ReviewDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken))
            await db.Overrides.ExecuteUpdateAsync(row => row.SetProperty(set => set.ExpiresAt, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1)), TestContext.Current.CancellationToken);
        await UntilAsync(async () => !(await ListAsync(visitor, "class=closed")).Contains(SampleCatalog.Quantized));
        var (live, past) = await desk.ListAsync(TestContext.Current.CancellationToken);
        Assert.Empty(live);
        Assert.Equal(SampleCatalog.Quantized, Assert.Single(past).RepoId);
        Assert.Null(await desk.SetAsync(SampleCatalog.Quantized, "open-source", null, Why, 1, "root", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_override_is_counted_and_told_as_a_change_like_any_verdict()
    {
        await using var site = await StartAsync();
        var (visitor, root) = (site.Visit(), await site.VisitAsAsync("root"));
        var (before, restricted) = (await LicenseCountAsync(visitor, "cc-by-nc-4.0"), await LicenseCountAsync(visitor, "llama3"));
        await root.SubmitAsync(Page, "set", Sane);
        await UntilAsync(async () => (await LicenseCountAsync(visitor, "cc-by-nc-4.0"), await LicenseCountAsync(visitor, "llama3")) == (before + 1, restricted - 1));

        var change = (await ChangesAsync(visitor, ""))[0];
        Assert.Equal((SampleCatalog.Quantized, "closed", "open-weights", "verified"), (change.GetProperty("id").GetString(), change.GetProperty("class").GetString(), change.GetProperty("class_before").GetString(), change.GetProperty("basis").GetString()));
        Assert.Equal((Why, false), (change.GetProperty("override").GetProperty("reason").GetString(), change.GetProperty("override").GetProperty("ended").GetBoolean()));
        Assert.Contains("Llama 3", change.GetProperty("license_before").GetString(), StringComparison.Ordinal);
        Assert.Contains(Why, Plain.Text((await visitor.GetAsync("/changes?kind=license")).Body), StringComparison.Ordinal);
        Assert.Contains("set by a person, class from open weights to closed", (await visitor.GetAsync("/changes.atom")).Body, StringComparison.Ordinal);

        // Pages of one, so that both kinds of change have to find their places, and neither comes twice.
        await root.SubmitAsync(Page, "end", [("Id", "1"), ("Typed", SampleCatalog.Quantized), ("Why", "The letter was forged.")]);
        await UntilAsync(async () => await LicenseCountAsync(visitor, "llama3") == restricted);
        List<bool?> ended = [];
        var cursor = "";
        do
        {
            using var page = JsonDocument.Parse((await visitor.GetAsync($"/api/v1/changes?limit=1{cursor}")).Body);
            ended.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("override") is { ValueKind: JsonValueKind.Object } told ? told.GetProperty("ended").GetBoolean() : (bool?)null));
            Assert.Equal(3, page.RootElement.GetProperty("total").GetInt32());
            cursor = page.RootElement.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null && ended.Count < 10);
        Assert.Equal([true, false, null], ended);
        Assert.Empty(await ChangesAsync(visitor, "?org=filler-lab"));
    }

    [Fact]
    public async Task An_override_stays_with_its_model_under_a_new_name_and_not_with_whoever_takes_the_old_one()
    {
        await using var site = await StartAsync();
        var visitor = site.Visit();
        var desk = site.Site.Services.GetRequiredService<OverrideDesk>();
        await SqlAsync(site, $"UPDATE model SET hub_id = 'aaaaaaaaaaaaaaaaaaaaaaaa' WHERE repo_id = '{SampleCatalog.Quantized}'");
        Assert.Null(await desk.SetAsync(SampleCatalog.Quantized, "closed", null, Why, 5, "root", TestContext.Current.CancellationToken));
        Assert.Null(await desk.SetAsync(SampleCatalog.Bloom, "closed", null, Why, 5, "root", TestContext.Current.CancellationToken));
        await SqlAsync(site, $"""
            UPDATE model SET repo_id = 'new/home', rev = nextval('model_rev') WHERE repo_id = '{SampleCatalog.Quantized}';
            UPDATE model SET repo_id = '{SampleCatalog.Quantized}', hub_id = 'bbbbbbbbbbbbbbbbbbbbbbbb', rev = nextval('model_rev') WHERE repo_id = 'mistralai/Mistral-7B-v0.1';
            UPDATE model SET repo_id = 'new/bloom', rev = nextval('model_rev') WHERE repo_id = '{SampleCatalog.Bloom}';
            INSERT INTO model_alias (alias, model_id, reason, since) SELECT '{SampleCatalog.Bloom}', id, 1, now() FROM model WHERE repo_id = 'new/bloom';
            """);
        await UntilAsync(async () => await ListAsync(visitor, "class=closed") is var closed && closed.Contains("new/home") && closed.Contains("new/bloom") && !closed.Contains(SampleCatalog.Quantized));
        Assert.Contains(Why, (await visitor.GetAsync("/models/new/home")).Body, StringComparison.Ordinal);
        Assert.Contains(Why, (await visitor.GetAsync("/models/new/bloom/history")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Why, (await visitor.GetAsync($"/models/{SampleCatalog.Quantized}")).Body, StringComparison.Ordinal);

        // Whoever has the old name now can be spoken of too, which leaves the other one alone.
        Assert.Null(await desk.SetAsync(SampleCatalog.Quantized, "open-source", null, Why, 5, "root", TestContext.Current.CancellationToken));
        Assert.Equal(3, (await desk.ListAsync(TestContext.Current.CancellationToken)).Live.Count);
    }

    [Theory]
    [InlineData("Entry.Model", "no/such", "The catalogue has no model of this name.")]
    [InlineData("Entry.Class", "very-open", "That is no class this page offers.")]
    [InlineData("Entry.License", "my own", "There is no licence my own on the licence desk")]
    [InlineData("Entry.Reason", "because", "Give the reason")]
    [InlineData("Entry.Days", "0", "holds for 1 to 366 days")]
    [InlineData("Entry.Days", "9999", "holds for 1 to 366 days")]
    public async Task What_makes_no_sense_is_refused_with_the_remedy(string field, string value, string words)
    {
        await using var site = await StartAsync();
        var answer = await (await site.VisitAsAsync("root")).SubmitAsync(Page, "set", Sane.Select(known => known.Item1 == field ? (field, value) : known));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, Plain.Text(answer.Body), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string?>> ListAsync(Visitor visitor, string query) =>
        [.. JsonDocument.Parse((await visitor.GetAsync($"/api/v1/models?{query}")).Body).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];

    private static async Task<int> LicenseCountAsync(Visitor visitor, string id) =>
        JsonDocument.Parse((await visitor.GetAsync($"/api/v1/licenses/{id}")).Body).RootElement.GetProperty("models").GetInt32();

    private static async Task<IReadOnlyList<JsonElement>> ChangesAsync(Visitor visitor, string query) =>
        [.. JsonDocument.Parse((await visitor.GetAsync($"/api/v1/changes{query}")).Body).RootElement.GetProperty("items").EnumerateArray()];

    private static async Task SqlAsync(AccountSite site, string statements)
    {
        await using var connection = new NpgsqlConnection(site.Site.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static Task UntilAsync(Func<Task<bool>> done) => CrawlStage.UntilAsync(done, TimeSpan.FromMinutes(1), "It does not come true");

    private Task<AccountSite> StartAsync() => AccountSite.StartAsync(postgres, SampleCatalog.Models.Take(14));
}
