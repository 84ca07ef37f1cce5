using System.Net;
using ModelAtlas.Testing;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class AdminPagesTests(PostgresFixture postgres)
{
    [Fact]
    public async Task An_admin_makes_promotes_disables_and_enables_an_account()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var root = await site.VisitAsAsync("root");
        var made = await root.SubmitAsync("/admin/accounts", "create",
            [("Entry.Name", "eve"), ("Entry.Role", "player"), ("Entry.Password", AccountBench.Password), ("Entry.Repeat", AccountBench.Password)]);
        Assert.Contains("Account eve is made.", made.Body, StringComparison.Ordinal);
        var eve = await site.VisitAsAsync("eve");
        Assert.Equal(HttpStatusCode.Forbidden, (await eve.GetAsync("/admin")).Status);

        Assert.Equal(HttpStatusCode.OK, (await root.SubmitAsync("/admin/accounts", "change", [("Change", "admin 3")])).Status);
        Assert.True((await eve.GetAsync("/admin")).AsksToSignIn);
        await eve.SignedInAsync("eve");
        Assert.Equal(HttpStatusCode.OK, (await eve.GetAsync("/admin")).Status);

        await root.SubmitAsync("/admin/accounts", "change", [("Change", "disable 3"), ("Typed", "eve")]);
        Assert.True((await eve.GetAsync("/admin")).AsksToSignIn);
        Assert.Equal(HttpStatusCode.Unauthorized, (await eve.TrySignInAsync("eve", AccountBench.Password)).Status);

        await root.SubmitAsync("/admin/accounts", "change", [("Change", "enable 3")]);
        await eve.SignedInAsync("eve");

        var audit = Plain.Text((await root.GetAsync("/admin/review")).Body);
        foreach (var act in new[] { "account added as player: eve", "account made admin: eve", "account disabled: eve", "account enabled: eve" }) Assert.Contains($"root {act}", audit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable 1", "only admin")]
    [InlineData("player 1", "only admin")]
    [InlineData("disable 99", "no longer exists")]
    [InlineData("delete 2", "no change this page offers")]
    [InlineData("disable", "no change this page offers")]
    [InlineData("disable 2147483648", "no change this page offers")]
    [InlineData("disable -1", "no change this page offers")]
    public async Task A_change_that_cannot_be_is_refused_with_the_reason(string change, string reason)
    {
        await using var site = await AccountSite.StartAsync(postgres);

        var answer = await (await site.VisitAsAsync("root")).SubmitAsync("/admin/accounts", "change", [("Change", change), ("Typed", "root")]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(reason, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_the_password_keeps_this_browser_and_ends_the_others()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var (here, there) = (await site.VisitAsAsync("pia"), await site.VisitAsAsync("pia"));

        var wrong = await ChangeAsync(here, "not the password");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var changed = await ChangeAsync(here, AccountBench.Password);

        Assert.Equal(HttpStatusCode.Redirect, changed.Status);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).Status);
        Assert.True((await there.GetAsync("/account")).AsksToSignIn);
        await site.Visit().SignedInAsync("pia", "another long password");
    }

    [Fact]
    public async Task JOB_14_The_quarantine_is_listed_with_a_button_that_has_a_job_replay_it()
    {
        await using var site = await AccountSite.StartWithQueueAsync(postgres);
        await using var source = Npgsql.NpgsqlDataSource.Create(site.Site.ConnectionString);
        await DoAsync("INSERT INTO quarantine (source, kind, observed_at, position, reason, raw, raw_length, content_hash, first_seen_at, last_seen_at) VALUES ('hub/models', 1, now(), 'page 1, element 2', 'no id', '{}', 2, 7, now(), now())");
        var root = await site.VisitAsAsync("root");
        Assert.Contains("no id", (await root.GetAsync("/admin/quarantine")).Body, StringComparison.Ordinal);

        var answer = await root.SubmitAsync("/admin/quarantine", "replay", []);

        Assert.Contains("Under way", answer.Body, StringComparison.Ordinal);
        const string Jobs = "SELECT count(*) FROM hangfire.job WHERE invocationdata::text LIKE '%ReplayQuarantineJob%'";
        Assert.Equal(1L, await DoAsync(Jobs));

        // Somebody else's replay came first.
        await DoAsync("UPDATE quarantine SET replayed_at = now()");
        var late = await root.SubmitAsync("/admin/quarantine", "replay", []);
        Assert.Equal(HttpStatusCode.OK, late.Status);
        Assert.Contains("nothing to replay any more", late.Body, StringComparison.Ordinal);
        Assert.Equal(1L, await DoAsync(Jobs));

        async Task<object?> DoAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }

    private static Task<Answer> ChangeAsync(Visitor visitor, string current) => visitor.SubmitAsync("/account", "password",
        [("Entry.Current", current), ("Entry.Password", "another long password"), ("Entry.Repeat", "another long password")]);
}
