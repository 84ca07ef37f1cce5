using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Licenses;
using ModelAtlas.Web.Webhooks;
using Npgsql;

namespace ModelAtlas.Web.Tests.Webhooks;

public sealed partial class WebhookTests(PostgresFixture postgres)
{
    private const string Page = "/admin/webhooks";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_told_once_signed_and_only_to_who_wants_its_kind()
    {
        await using var stage = await StartAsync("class");
        await stage.DeliverAsync();
        Assert.Empty(stage.Receiver.Told); // what was there when it was added is no news

        await stage.JudgeAsync(SampleCatalog.Bloom, "class = 3");
        await stage.JudgeAsync(SampleCatalog.Bloom, "license_id = NULL"); // of another kind
        await stage.DeliverAsync();
        var told = Assert.Single(stage.Receiver.Told);
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(stage.Secret), told.Body))}", told.Signature);
        Assert.Equal(0, told.Credentials);
        using var message = JsonDocument.Parse(told.Body);
        Assert.Equal("changes", message.RootElement.GetProperty("event").GetString());
        var item = Assert.Single(message.RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal((SampleCatalog.Bloom, "open-source", "closed"), (item.GetProperty("id").GetString(), item.GetProperty("class_before").GetString(), item.GetProperty("class").GetString()));
        Assert.Equal("class", Assert.Single(item.GetProperty("changed").EnumerateArray()).GetString());

        await stage.DeliverAsync();
        Assert.Single(stage.Receiver.Told);
        Assert.Contains("1 change arrived", Plain.Text((await stage.Root.GetAsync(Page)).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_changes_come_in_messages_of_fifty_oldest_first()
    {
        await using var stage = await StartAsync("class");
        for (var turn = 0; turn < 60; turn++) await stage.JudgeAsync(SampleCatalog.Bloom, $"class = {2 + (turn % 2)}");
        await stage.DeliverAsync();
        Assert.Equal([50, 10], stage.Receiver.Told.Select(told => JsonDocument.Parse(told.Body).RootElement.GetProperty("items").GetArrayLength()));
        var times = stage.Receiver.Told.SelectMany(told => JsonDocument.Parse(told.Body).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("class").GetString())).ToList();
        Assert.Equal("open-weights", times[0]);
        Assert.All(times.Index(), pair => Assert.Equal(pair.Index % 2 == 0 ? "open-weights" : "closed", pair.Item));
    }

    [Fact]
    public async Task What_does_not_arrive_is_sent_again_later_as_it_was_and_after_eight_failures_it_is_switched_off_with_the_reason()
    {
        await using var stage = await StartAsync("class");
        stage.Receiver.Status = 500;
        await stage.JudgeAsync(SampleCatalog.Bloom, "class = 3");
        await stage.DeliverAsync();
        await stage.DeliverAsync(isDue: false);
        Assert.Single(stage.Receiver.Told); // not before its time
        Assert.Contains("The last message did not arrive", Plain.Text((await stage.Root.GetAsync(Page)).Body), StringComparison.Ordinal);
        await stage.JudgeAsync(SampleCatalog.Bloom, "class = 2");
        for (var failure = 2; failure <= DeliverWebhooksJob.MostFailures + 2; failure++) await stage.DeliverAsync();
        Assert.Equal(DeliverWebhooksJob.MostFailures, stage.Receiver.Told.Count);
        var ids = stage.Receiver.Told.Select(told => JsonDocument.Parse(told.Body).RootElement).Select(message => (message.GetProperty("id").GetString(), message.GetProperty("items").GetArrayLength())).Distinct();
        Assert.Equal(1, Assert.Single(ids).Item2);
        var page = Plain.Text((await stage.Root.GetAsync(Page)).Body);
        Assert.Contains("Off since", page, StringComparison.Ordinal);
        Assert.Contains("8 messages in a row did not arrive: its host answered 500", page, StringComparison.Ordinal);
        Assert.Contains("the site webhook switched off: 127.0.0.1", Plain.Text((await stage.Root.GetAsync("/admin/review")).Body), StringComparison.Ordinal);

        stage.Receiver.Status = 200;
        Assert.Contains("what it has missed is told next", (await stage.ActAsync("on")).Body, StringComparison.Ordinal);
        await stage.DeliverAsync();
        Assert.Equal(DeliverWebhooksJob.MostFailures + 2, stage.Receiver.Told.Count); // the one that waited, then the one after it
        Assert.DoesNotContain("Off since", (await stage.Root.GetAsync(Page)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_sent_on_to_nowhere_and_waits_for_nobody()
    {
        await using var stage = await StartAsync("class", "--Atlas:Webhooks:Deadline=00:00:01");
        stage.Receiver.Status = 307;
        Assert.Contains("its host answered 307, and it is sent on to nowhere else", Plain.Text((await stage.ActAsync("test")).Body), StringComparison.Ordinal);
        Assert.Equal(0, stage.Receiver.Elsewhere);
        stage.Receiver.IsSilent = true;
        Assert.Contains("its host took longer than 1 seconds", Plain.Text((await stage.ActAsync("test")).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_is_in_no_page_no_table_and_no_log_nor_is_the_address_in_a_log()
    {
        await using var stage = await StartAsync("class");
        Assert.Contains("The test has arrived.", (await stage.ActAsync("test")).Body, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"test\"", Encoding.UTF8.GetString(Assert.Single(stage.Receiver.Told).Body), StringComparison.Ordinal);
        await stage.JudgeAsync(SampleCatalog.Bloom, "class = 3");
        await stage.DeliverAsync();
        Assert.Equal(64, stage.Secret.Length);
        foreach (var path in new[] { Page, "/admin/review", "/admin", "/account" }) Assert.DoesNotContain(stage.Secret, (await stage.Root.GetAsync(path)).Body, StringComparison.Ordinal);
        Assert.Equal("0", await stage.AskAsync($"SELECT count(*)::text FROM review.webhook WHERE webhook::text LIKE '%{stage.Secret}%' OR encode(secret, 'hex') LIKE '%{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(stage.Secret))}%'"));
        Assert.NotEmpty(stage.Log.Lines);
        Assert.DoesNotContain(stage.Log.Lines, line => line.Contains(stage.Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Log.Lines, line => line.Contains("canary-in-the-address", StringComparison.Ordinal));
        Assert.Contains("root webhook added for class: 127.0.0.1", Plain.Text((await stage.Root.GetAsync("/admin/review")).Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.org/hook", "only https is followed")]
    [InlineData("https://10.0.0.8/hook", "its host is no public name")]
    [InlineData("https://localhost/hook", "its host is no public name")]
    [InlineData("https://[::1]/hook", "its host is no public name")]
    [InlineData("https://169.254.169.254/latest", "its host is no public name")]
    [InlineData("https://example.org:8443/hook", "only port 443 is asked")]
    [InlineData("https://me:secret@example.org/", "it carries a name or password")]
    [InlineData("http://127.0.0.2:80/", "only https is followed")]
    [InlineData("hook", "it is no absolute URL")]
    public async Task What_leads_nowhere_public_is_refused_with_the_reason(string url, string words)
    {
        await using var site = await AccountSite.StartWithQueueAsync(postgres, "--Atlas:Webhooks:Loopback=true");
        var answer = await (await site.VisitAsAsync("root")).SubmitAsync(Page, "add", [("Url", url), ("kind", "class")]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains($"This address is not told anything: {words}.", Plain.Text(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task This_machine_is_told_only_where_its_owner_has_said_so_and_only_admins_add()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var site = await AccountSite.StartWithQueueAsync(postgres);
        var root = await site.VisitAsAsync("root");
        Assert.Contains("only https is followed", Plain.Text((await root.SubmitAsync(Page, "add", [("Url", receiver.Url), ("kind", "class")])).Body), StringComparison.Ordinal);
        Assert.Contains("Choose at least one kind of changes.", Plain.Text((await root.SubmitAsync(Page, "add", [("Url", "https://example.org/hook"), ("kind", "nonsense")])).Body), StringComparison.Ordinal);
        Assert.Contains("There is no such webhook", Plain.Text((await root.SubmitAsync(Page, "act", [("Id", "77"), ("Act", "remove")])).Body), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.VisitAsAsync("pia")).GetAsync(Page)).Status);
    }

    [Fact]
    public async Task What_is_removed_is_told_nothing_more()
    {
        await using var stage = await StartAsync("class");
        await stage.JudgeAsync(SampleCatalog.Bloom, "class = 3");
        Assert.Contains("Removed.", (await stage.ActAsync("remove")).Body, StringComparison.Ordinal);
        await stage.DeliverAsync();
        Assert.Empty(stage.Receiver.Told);
    }

    private async Task<Stage> StartAsync(string kind, params string[] settings)
    {
        var site = await AccountSite.StartWithQueueAsync(postgres, ["--Atlas:Webhooks:Loopback=true", "--Logging:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=Trace", .. settings]);
        var log = new LogRecorder();
        site.Site.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await CatalogSeed.WriteAsync(site.Site.ConnectionString, SampleCatalog.Models.Take(4));
        var receiver = await Receiver.StartAsync();
        var root = await site.VisitAsAsync("root");
        var added = Plain.Text((await root.SubmitAsync(Page, "add", [("Url", receiver.Url), ("kind", kind)])).Body);
        return new(site, receiver, root, log, Shown().Match(added).Groups[1].Value);
    }

    [GeneratedRegex("cannot be shown again: ([0-9a-f]{64})", RegexOptions.None, 5_000)]
    private static partial Regex Shown();

    private sealed record Stage(AccountSite Site, Receiver Receiver, Visitor Root, LogRecorder Log, string Secret) : IAsyncDisposable
    {
        public Task<Answer> ActAsync(string act) => Root.SubmitAsync(Page, "act", [("Id", "1"), ("Act", act)]);

        public async Task DeliverAsync(bool isDue = true)
        {
            if (isDue) await AskAsync("UPDATE review.webhook SET next_at = now() - interval '1 second' RETURNING 'due'");
            await Site.Site.Services.GetRequiredService<DeliverWebhooksJob>().RunAsync(Token);
        }

        /// <summary>A verdict that differs from the last one of the model in this.</summary>
        public async Task JudgeAsync(string repoId, string change)
        {
            var (name, value) = (change.Split(" = ")[0], change.Split(" = ")[1]);
            await AskAsync($"""
                INSERT INTO verdict (model_id, class, basis, rung, license_id, rule_version, revision, observed_at, decided_at, document)
                SELECT model_id, {(name == "class" ? value : "class")}, basis, rung, {(name == "license_id" ? value : "license_id")}, rule_version, revision, observed_at, now(), document
                FROM verdict WHERE model_id = (SELECT id FROM model WHERE repo_id = '{repoId}') ORDER BY id DESC LIMIT 1;
                INSERT INTO verdict_change (verdict_id, model_id, before_id, parts) SELECT verdict_id, model_id, before_id, parts FROM verdict_step WHERE parts <> 0 ON CONFLICT DO NOTHING
                """);
        }

        public async Task<string?> AskAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(Site.Site.ConnectionString);
            await using var command = source.CreateCommand(sql);
            return (string?)await command.ExecuteScalarAsync(Token);
        }

        public async ValueTask DisposeAsync()
        {
            await Receiver.DisposeAsync();
            await Site.DisposeAsync();
            Log.Dispose();
        }
    }
}
