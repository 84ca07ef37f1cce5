using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Accounts.Keys;
using ModelAtlas.Web.Review;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Review;

/// <summary>What takes something away asks for its name, on the server too, and is in the audit.</summary>
public sealed class TypedConfirmationTests(PostgresFixture postgres)
{
    private const string KeyName = "my tool (v1.0) [x]";

    [Fact]
    public async Task A_key_is_revoked_by_its_name_and_by_nothing_else()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var keys = site.Site.Services.GetRequiredService<ApiKeys>();
        var pia = await site.VisitAsAsync("pia");
        var made = Plain.Of((await pia.SubmitAsync("/account", "key", [("KeyName", KeyName)])).Body);
        var key = made.Split("shown again: <code>")[1].Split('<')[0];
        var prefix = key[..12];
        Assert.Equal("pia", (await keys.FindAsync(key, TestContext.Current.CancellationToken))?.Name);
        Assert.Contains("pattern=\"my tool \\(v1\\.0\\) \\[x\\]\"", made, StringComparison.Ordinal);

        foreach (var typed in new[] { null, "", "my tool", KeyName.ToUpperInvariant(), prefix })
        {
            var refused = await pia.SubmitAsync("/account", "revoke", typed is null ? [("Prefix", prefix)] : [("Prefix", prefix), ("Typed", typed)]);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains($"Nothing was done: type {KeyName} to confirm.", Plain.Text(Plain.Of(refused.Body)), StringComparison.Ordinal);
            Assert.NotNull(await keys.FindAsync(key, TestContext.Current.CancellationToken));
        }
        // Another account's key is none of hers, whatever she types.
        await (await site.VisitAsAsync("root")).SubmitAsync("/account", "revoke", [("Prefix", prefix), ("Typed", KeyName)]);
        Assert.NotNull(await keys.FindAsync(key, TestContext.Current.CancellationToken));

        var revoked = await pia.SubmitAsync("/account", "revoke", [("Prefix", prefix), ("Typed", KeyName)]);
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.DoesNotContain(prefix, revoked.Body, StringComparison.Ordinal);
        Assert.Null(await keys.FindAsync(key, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await pia.SubmitAsync("/account", "revoke", [("Prefix", prefix), ("Typed", KeyName)])).Status); // from a page that was read before
        Assert.Contains("pia API key revoked: my", Plain.Text(Plain.Of((await (await site.VisitAsAsync("root")).GetAsync("/admin/review")).Body)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable 2")]
    [InlineData("player 3")]
    public async Task An_account_loses_nothing_without_its_name(string change)
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var root = await site.VisitAsAsync("root");
        await root.SubmitAsync("/admin/accounts", "create", [("Entry.Name", "adam"), ("Entry.Role", "admin"), ("Entry.Password", Accounts.AccountBench.Password), ("Entry.Repeat", Accounts.AccountBench.Password)]);
        foreach (var typed in new[] { "", "root", "piaa" })
        {
            var refused = await root.SubmitAsync("/admin/accounts", "change", [("Change", change), ("Typed", typed)]);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("Nothing was done: type ", refused.Body, StringComparison.Ordinal);
        }
        await site.Visit().SignedInAsync("pia");
        Assert.Equal(HttpStatusCode.OK, (await (await site.VisitAsAsync("adam")).GetAsync("/admin")).Status);
        Assert.Equal(HttpStatusCode.OK, (await root.SubmitAsync("/admin/accounts", "change", [("Change", change), ("Typed", change == "disable 2" ? "pia" : "adam")])).Status);
    }

    [Fact]
    public async Task An_override_ends_by_the_name_of_its_model()
    {
        await using var site = await AccountSite.StartAsync(postgres, SampleCatalog.Models.Take(14));
        var desk = site.Site.Services.GetRequiredService<OverrideDesk>();
        Assert.Null(await desk.SetAsync(SampleCatalog.Quantized, "closed", null, "Its maker has taken the weights back and told us so.", 30, "root", TestContext.Current.CancellationToken));
        var root = await site.VisitAsAsync("root");
        var refused = await root.SubmitAsync("/admin/overrides", "end", [("Id", "1"), ("Why", "The letter was forged."), ("Typed", "TheBloke")]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains($"type {SampleCatalog.Quantized} to confirm", Plain.Text(Plain.Of(refused.Body)), StringComparison.Ordinal);
        Assert.Single((await desk.ListAsync(TestContext.Current.CancellationToken)).Live);
        Assert.Equal(HttpStatusCode.OK, (await root.SubmitAsync("/admin/overrides", "end", [("Id", "1"), ("Why", "The letter was forged."), ("Typed", SampleCatalog.Quantized)])).Status);
        Assert.Empty((await desk.ListAsync(TestContext.Current.CancellationToken)).Live);
    }
}
