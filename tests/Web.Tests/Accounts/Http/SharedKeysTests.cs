using System.Net;
using ModelAtlas.Testing;
using Npgsql;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class SharedKeysTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Two_sites_on_one_database_take_each_others_cookies_and_a_restart_keeps_them()
    {
        await using var first = await AccountSite.StartAsync(postgres);
        var pia = await first.VisitAsAsync("pia");
        await using (var second = await first.TwinAsync())
        {
            var elsewhere = second.Visit();
            foreach (var (name, value) in pia.Cookies) elsewhere.Cookies[name] = value;

            // Page from one site, form sent to the other: keys and tokens are shared, not only the session.
            var token = await pia.TokenAsync("/account");
            Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/account")).Status);
            Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.SendAsync(HttpMethod.Post, "/sign-out", [("__RequestVerificationToken", token)])).Status);
        }
        await pia.SignedInAsync("pia");
        await first.Site.DisposeAsync();

        await using var restarted = await first.TwinAsync();
        var again = restarted.Visit();
        again.Cookies["atlas"] = pia.Cookies["atlas"];
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task With_a_key_file_the_keys_in_the_database_are_sealed_and_still_shared()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Convert.ToHexString(new byte[32]) + "\n", TestContext.Current.CancellationToken);
        try
        {
            await using var first = await AccountSite.StartAsync(postgres, $"--Atlas:Accounts:KeyFile={file}");
            var pia = await first.VisitAsAsync("pia");
            Assert.DoesNotContain("<masterKey", await KeysAsync(first), StringComparison.OrdinalIgnoreCase);
            Assert.Contains("keyFileEncrypted", await KeysAsync(first), StringComparison.Ordinal);

            await using var second = await first.TwinAsync($"--Atlas:Accounts:KeyFile={file}");
            var elsewhere = second.Visit();
            elsewhere.Cookies["atlas"] = pia.Cookies["atlas"];
            Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/account")).Status);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> KeysAsync(AccountSite site)
    {
        await using var source = NpgsqlDataSource.Create(site.Site.ConnectionString);
        await using var command = source.CreateCommand("SELECT string_agg(xml, '') FROM accounts.data_protection_key");
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) ?? "";
    }
}
