using System.Net;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Review;
using ModelAtlas.Web.Tests.Accounts.Http;
using ModelAtlas.Web.Tests.Licenses;

namespace ModelAtlas.Web.Tests.Review;

public sealed class DisputeTests(PostgresFixture postgres)
{
    private const string Page = $"/models/{SampleCatalog.Bloom}/dispute";
    private const string Words = "The training data is <script>alert(1)</script> not published in full, see the data card.";

    [Fact]
    public async Task A_dispute_is_seen_by_all_read_by_admins_and_closed_once_with_a_reason()
    {
        await using var site = await StartAsync();
        var visitor = site.Visit();
        var sent = await visitor.SubmitAsync(Page, "dispute", [("Entry.Subject", "evidence"), ("Entry.Text", Words), ("Entry.Source", "https://example.org/card")]);
        Assert.Contains("Thank you.", Plain.Text(sent.Body), StringComparison.Ordinal);

        var evidence = (await visitor.GetAsync($"/models/{SampleCatalog.Bloom}/evidence?lens=strict")).Body;
        Assert.Contains("Evidence is missing or misread", Plain.Text(evidence), StringComparison.Ordinal);
        Assert.DoesNotContain("data card", evidence, StringComparison.Ordinal); // what anybody wrote is not shown to everybody
        Assert.True((await visitor.GetAsync("/admin/review")).AsksToSignIn);

        var root = await site.VisitAsAsync("root");
        var queue = (await root.GetAsync("/admin/review")).Body;
        Assert.Contains("not published in full", queue, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", queue, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await root.SubmitAsync("/admin/review", "close", [("Id", "1"), ("Outcome", "accept"), ("Reason", " ")])).Status);
        var closed = await root.SubmitAsync("/admin/review", "close", [("Id", "1"), ("Outcome", "refuse"), ("Reason", "The card names all sources.")]);
        Assert.Contains("Refused.", Plain.Text(closed.Body), StringComparison.Ordinal);
        Assert.Contains("dispute 1 refused: bigscience/bloom", Plain.Text(closed.Body), StringComparison.Ordinal);

        Assert.Contains("The card names all sources.", (await visitor.GetAsync(Page)).Body, StringComparison.Ordinal);
        Assert.Contains("closed already", await CloseAsync(site, 1) ?? "", StringComparison.Ordinal);

        // Another admin whose page is from before.
        var late = await root.SubmitAsync("/admin/review", "close", [("Id", "1"), ("Outcome", "accept"), ("Reason", "The card names all sources.")]);
        Assert.Equal(HttpStatusCode.BadRequest, late.Status);
        Assert.Contains("This dispute is closed already, or there is none.", Plain.Text(late.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", Words, "", "Say what it is about.")]
    [InlineData("class", "wrong", "", "Say in at least 20 characters")]
    [InlineData("class", Words, "javascript:alert(1)", "The place is an https address")]
    [InlineData("class", Words, "http://example.org", "The place is an https address")]
    public async Task What_cannot_be_worked_with_is_refused_with_the_remedy(string subject, string text, string source, string words)
    {
        await using var site = await StartAsync();
        var answer = await site.Visit().SubmitAsync(Page, "dispute", [("Entry.Subject", subject), ("Entry.Text", text), ("Entry.Source", source)]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, Plain.Text(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_address_may_say_so_much_an_hour_and_a_model_that_is_not_here_nothing()
    {
        await using var site = await StartAsync();
        var visitor = site.Visit();
        for (var turn = 0; turn < DisputeLimit.PerHour; turn++)
            Assert.Contains("Thank you.", (await visitor.SubmitAsync(Page, "dispute", [("Entry.Subject", "class"), ("Entry.Text", $"{turn}: {Words}")])).Body, StringComparison.Ordinal);
        Assert.Contains("Several have come", (await visitor.SubmitAsync(Page, "dispute", [("Entry.Subject", "class"), ("Entry.Text", Words)])).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/models/no/such/dispute")).Status);
    }

    private Task<AccountSite> StartAsync() => AccountSite.StartAsync(postgres, SampleCatalog.Models.Take(4));

    private static Task<string?> CloseAsync(AccountSite site, int id) =>
        ((DisputeDesk)site.Site.Services.GetService(typeof(DisputeDesk))!).CloseAsync(id, true, "again", "root", TestContext.Current.CancellationToken);
}
