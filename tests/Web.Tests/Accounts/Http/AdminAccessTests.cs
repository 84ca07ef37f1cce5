using System.Net;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class AdminAccessTests(SharedAccountSite shared) : IClassFixture<SharedAccountSite>
{
    private readonly AccountSite _site = shared.Site;

    private static readonly string[] AdminPaths = ["/admin", "/admin/ingest", "/admin/rules", "/admin/policies", "/admin/review", "/admin/overrides", "/admin/quarantine", "/admin/accounts", "/admin/shelf", "/hangfire"];

    private static readonly (string Name, string Value)[][] Forgeries =
    [
        [],
        [("X-Forwarded-For", "127.0.0.1")],
        [("X-Forwarded-For", "::1"), ("X-Forwarded-Proto", "https")],
        [("X-Forwarded-Host", "localhost"), ("X-Forwarded-Prefix", "/admin")],
        [("Forwarded", "for=127.0.0.1;host=localhost;proto=https")],
        [("X-Original-URL", "/admin"), ("X-Rewrite-URL", "/admin")],
        [("X-Real-IP", "127.0.0.1"), ("X-Client-IP", "127.0.0.1"), ("True-Client-IP", "127.0.0.1")],
        [("X-Remote-User", "root"), ("Remote-User", "root"), ("X-Forwarded-User", "root"), ("X-Role", "admin")],
        [("Authorization", "Basic cm9vdDpjb3JyZWN0IGhvcnNlIGJhdHRlcnk="), ("X-HTTP-Method-Override", "POST")],
    ];

    [Fact]
    public async Task WEB_05_nobody_but_an_admin_sees_admin_pages_whatever_headers_are_forged()
    {
        var cookie = (await _site.VisitAsAsync("pia")).Cookies["atlas"];
        var sent = 0;
        foreach (var path in AdminPaths)
            foreach (var forged in Forgeries)
            {
                Assert.True((await _site.Visit().GetAsync(path, forged)).AsksToSignIn, $"{path} for anonymous with {string.Join(", ", forged)}");
                var player = _site.Visit();
                player.Cookies["atlas"] = cookie;
                var answer = await player.GetAsync(path, forged);
                Assert.True(answer.Status is HttpStatusCode.Forbidden, $"{path} for a player with {string.Join(", ", forged)} answered {answer.Status}");
                Assert.DoesNotContain("admin-sheet", answer.Body, StringComparison.Ordinal);
                sent += 2;
            }
        Assert.Equal(2 * AdminPaths.Length * Forgeries.Length, sent);
    }

    [Theory]
    [InlineData("/ADMIN")]
    [InlineData("/admin/")]
    [InlineData("//admin")]
    [InlineData("/%61dmin")]
    [InlineData("/./admin")]
    [InlineData("/x/../admin")]
    [InlineData("/admin;x=1")]
    [InlineData("/admin%2f")]
    [InlineData("/admin%00")]
    [InlineData("/admin/accounts/")]
    [InlineData("/admin?__RequestVerificationToken=x&_handler=create")]
    public async Task WEB_05_other_spellings_of_the_address_open_nothing(string path)
    {
        var answer = await _site.Visit().GetAsync(path);

        Assert.True(answer.AsksToSignIn || answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path} answered {answer.Status}");
    }

    [Fact]
    public async Task The_admin_sees_them_and_nobody_may_keep_them()
    {
        var root = await _site.VisitAsAsync("root");

        foreach (var path in AdminPaths[..^1])
        {
            var answer = await root.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.True(answer.Headers.CacheControl?.NoStore, $"{path} may be stored");
        }
    }

    [Theory]
    [InlineData("/sign-out", null)]
    [InlineData("/account/sign-out-everywhere", null)]
    [InlineData("/account", "password")]
    [InlineData("/admin/accounts", "create")]
    [InlineData("/admin/accounts", "change")]
    [InlineData("/admin/quarantine", "replay")]
    [InlineData("/admin/ingest", "run")]
    public async Task WEB_05_a_post_without_its_own_token_is_refused(string path, string? handler)
    {
        var root = await _site.VisitAsAsync("root");
        var othersToken = await (await _site.VisitAsAsync("pia")).TokenAsync("/account");
        (string, string)[] fields = [("_handler", handler ?? ""), ("Change", "disable 2"), ("Entry.Name", "mallory"), ("Entry.Role", "admin"), ("Entry.Password", AccountBench.Password), ("Entry.Repeat", AccountBench.Password)];

        foreach (var token in new[] { null, "", "junk", othersToken })
        {
            var answer = await root.SendAsync(HttpMethod.Post, path, token is null ? fields : [("__RequestVerificationToken", token), .. fields]);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        }
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync("/account")).Status);
        Assert.DoesNotContain("mallory", (await root.GetAsync("/admin/accounts")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WEB_05_a_player_with_a_good_token_can_post_nothing_of_an_admin()
    {
        var pia = await _site.VisitAsAsync("pia");
        var token = await pia.TokenAsync("/account");

        foreach (var (path, handler) in new[] { ("/admin/accounts", "create"), ("/admin/accounts", "change"), ("/admin/quarantine", "replay"), ("/admin/ingest", "run"), ("/admin/ingest", "read"), ("/admin", "") })
        {
            var answer = await pia.SendAsync(HttpMethod.Post, path,
                [("__RequestVerificationToken", token), ("_handler", handler), ("Change", "admin 2"), ("Entry.Name", "mallory"), ("Entry.Role", "admin"), ("Entry.Password", AccountBench.Password), ("Entry.Repeat", AccountBench.Password)]);
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        }
    }
}
