using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.Sessions;
using Npgsql;

namespace ModelAtlas.Web.Tests.Accounts;

public sealed class SessionBookTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WEB_16_signing_in_again_gives_a_new_session_and_ends_the_old_one()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var ada = await bench.MakeAsync("ada", AccountRole.Player);

        var first = await bench.Sessions.OpenAsync(ada, replaced: null, Stop);
        var second = await bench.Sessions.OpenAsync(ada, first, Stop);

        Assert.Null(await bench.Sessions.FindAsync(first, Stop));
        Assert.Equal(new(ada.Id, "ada", AccountRole.Player), await bench.Sessions.FindAsync(second, Stop));
    }

    public static readonly TheoryData<string> Endings = new("role", "disabled", "password", "everywhere", "signed out");

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task WEB_08_what_one_process_ends_is_over_in_another_within_a_minute(string how)
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("root", AccountRole.Admin);
        var ada = await bench.MakeAsync("ada", AccountRole.Admin);
        var token = await bench.Sessions.OpenAsync(ada, replaced: null, Stop);
        await using var elsewhere = bench.Twin();
        Assert.NotNull(await elsewhere.Sessions.FindAsync(token, Stop));

        Task ending = how switch
        {
            "role" => bench.Writer.SetRoleAsync(ada.Id, AccountRole.Player, Stop),
            "disabled" => bench.Writer.SetDisabledAsync(ada.Id, true, Stop),
            "password" => bench.Writer.SetPasswordAsync(ada, "another long password", Stop),
            "everywhere" => bench.Writer.SignOutEverywhereAsync(ada.Id, Stop),
            _ => bench.Sessions.CloseAsync(token, Stop),
        };
        await ending;

        Assert.Null(await bench.Sessions.FindAsync(token, Stop));
        bench.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await elsewhere.Sessions.FindAsync(token, Stop));
    }

    [Fact]
    public async Task A_sign_in_that_crosses_a_password_change_opens_nothing()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var before = await bench.MakeAsync("ada", AccountRole.Player);
        Assert.Null(await bench.Writer.SetPasswordAsync(before, "another long password", Stop));

        Assert.Null(await bench.Sessions.FindAsync(await bench.Sessions.OpenAsync(before, replaced: null, Stop), Stop));
    }

    [Fact]
    public async Task A_session_ends_by_itself()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var token = await bench.Sessions.OpenAsync(await bench.MakeAsync("ada", AccountRole.Player), replaced: null, Stop);
        Assert.NotNull(await bench.Sessions.FindAsync(token, Stop));
        bench.Clock.Advance(SessionBook.Lifetime);

        Assert.Null(await bench.Sessions.FindAsync(token, Stop));
    }

    [Fact]
    public async Task NET_07_a_copy_of_the_database_holds_neither_password_nor_session_nor_set_up_token()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var setup = await bench.SetupTokens.EnsureAsync(Stop) ?? "";
        var ada = await bench.MakeAsync("ada", AccountRole.Player);
        var token = await bench.Sessions.OpenAsync(ada, replaced: null, Stop);

        var copy = await DumpAsync(bench.Connection, "account", "session", "setup_token");

        Assert.Contains("ada", copy, StringComparison.Ordinal);
        foreach (var secret in new[] { AccountBench.Password, token, setup, setup.Replace("-", "", StringComparison.Ordinal) })
            Assert.DoesNotContain(secret, copy, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> DumpAsync(string connection, params string[] tables)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        var copy = "";
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand($"SELECT coalesce(json_agg(t)::text, '') FROM accounts.{table} t");
            copy += await command.ExecuteScalarAsync(Stop);
        }
        return copy;
    }
}
