using System.Net;
using System.Text.Json;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.Admin;

public sealed class AdminIngestTests(PostgresFixture postgres)
{
    private const string Page = "/admin/ingest";

    [Fact]
    public async Task An_admin_runs_a_job_now_and_has_one_repository_read_and_both_are_in_the_audit()
    {
        await using var site = await AccountSite.StartWithQueueAsync(postgres);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.VisitAsAsync("pia")).GetAsync(Page)).Status);
        var root = await site.VisitAsAsync("root");
        Assert.Contains("*/20 * * * *", (await root.GetAsync(Page)).Body, StringComparison.Ordinal);

        Assert.Contains("hub-models-recent is in the queue.", (await root.SubmitAsync(Page, "run", [("Job", "hub-models-recent")])).Body, StringComparison.Ordinal);
        Assert.Equal(1, await JobsAsync(site, "SyncModelsJob", "2"));
        Assert.Contains("webhooks is in the queue.", (await root.SubmitAsync(Page, "run", [("Job", "webhooks")])).Body, StringComparison.Ordinal);
        Assert.Contains("maker/model is asked for.", (await root.SubmitAsync(Page, "read", [("Model", " maker/model ")])).Body, StringComparison.Ordinal);
        Assert.Equal(1, await JobsAsync(site, "ReadModelJob", "maker/model"));

        var audit = Plain.Text((await root.GetAsync("/admin/review")).Body);
        Assert.Contains("root job run now: hub-models-recent", audit, StringComparison.Ordinal);
        Assert.Contains("root repository read again: maker/model", audit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "Job", "drop-everything", "That is no job of the schedule.")]
    [InlineData("read", "Model", "a/b/c", "This is no name of a repository: id is not owner/name.")]
    [InlineData("read", "Model", "", "This is no name of a repository: no id.")]
    public async Task What_is_not_there_to_be_run_is_refused(string form, string field, string value, string words)
    {
        await using var site = await AccountSite.StartWithQueueAsync(postgres);
        var answer = await (await site.VisitAsAsync("root")).SubmitAsync(Page, form, [(field, value)]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, Plain.Text(answer.Body), StringComparison.Ordinal);
        Assert.Equal(0, await JobsAsync(site, "", ""));
    }

    [Fact]
    public async Task Offline_nothing_that_asks_the_hub_can_be_run()
    {
        await using var site = await AccountSite.StartWithQueueAsync(postgres, "--Atlas:Offline=true");
        var root = await site.VisitAsAsync("root");
        Assert.Contains("this site was started offline", (await root.GetAsync(Page)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await root.SubmitAsync(Page, "run", [("Job", "hub-models-recent")])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await root.SubmitAsync(Page, "read", [("Model", "maker/model")])).Status);
        Assert.Equal(HttpStatusCode.OK, (await root.SubmitAsync(Page, "run", [("Job", "models-due")])).Status); // asks nobody
    }

    [Fact]
    public async Task What_the_hub_still_takes_is_shown_as_the_crawler_told_it()
    {
        await using var site = await AccountSite.StartWithQueueAsync(postgres);
        var root = await site.VisitAsAsync("root");
        Assert.Contains("no process that runs jobs has told", (await root.GetAsync(Page)).Body, StringComparison.Ordinal);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        using (var connection = site.Site.Services.GetRequiredService<JobStorage>().GetConnection())
            connection.SetRangeInHash(AllowanceReport.Key, new[] { ("api", 421, now.AddMinutes(4)), ("files", 7, now.AddMinutes(-1)) }.Select(told => KeyValuePair.Create(
                told.Item1, JsonSerializer.Serialize(new ToldAllowance(new HubAllowance(told.Item1, told.Item2, 500, 79, told.Item3, told.Item1 == "api" ? now.AddMinutes(2) : null), now), AllowanceJson.Default.ToldAllowance))));
        var page = Plain.Text((await root.GetAsync(Page)).Body);
        Assert.Contains("it asks us to wait until", page, StringComparison.Ordinal);
        Assert.Contains("Left 421 Of 500 Sent by us 79", page, StringComparison.Ordinal);
        Assert.Contains("Left a full window Of 500", page, StringComparison.Ordinal); // what was left of a window that is over
    }

    private static async Task<long> JobsAsync(AccountSite site, string type, string argument)
    {
        await using var source = NpgsqlDataSource.Create(site.Site.ConnectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM hangfire.job WHERE invocationdata::text LIKE '%' || $1 || '%' AND arguments::text LIKE '%' || $2 || '%'");
        command.Parameters.Add(new() { Value = type });
        command.Parameters.Add(new() { Value = argument });
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) ?? 0L);
    }
}
