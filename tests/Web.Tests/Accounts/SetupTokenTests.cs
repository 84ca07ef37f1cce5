using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Tests.Accounts;

public sealed class SetupTokenTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_makes_one_admin_and_dies_with_use()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var token = Assert.IsType<string>(await bench.SetupTokens.EnsureAsync(Stop));

        Assert.Null(await bench.Writer.CreateFirstAdminAsync(token, "ada", AccountBench.Password, Stop));
        Assert.NotNull(await bench.Writer.CreateFirstAdminAsync(token, "eve", AccountBench.Password, Stop));

        Assert.Null(await bench.SetupTokens.EnsureAsync(Stop));
        Assert.Equal("ada", Assert.Single(await bench.Reader.ListAsync(Stop)).Name);
    }

    [Fact]
    public async Task A_token_survives_a_refused_password_and_sloppy_typing()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var token = Assert.IsType<string>(await bench.SetupTokens.EnsureAsync(Stop));

        Assert.NotNull(await bench.Writer.CreateFirstAdminAsync(token, "ada", "short", Stop));
        Assert.Null(await bench.Writer.CreateFirstAdminAsync($" {token.Replace('-', ' ').ToLowerInvariant()}\n", "ada", AccountBench.Password, Stop));
    }

    [Fact]
    public async Task A_token_expires_after_a_day()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var token = Assert.IsType<string>(await bench.SetupTokens.EnsureAsync(Stop));
        bench.Clock.Advance(SetupToken.Lifetime);

        Assert.Contains("./atlas admin token", await bench.Writer.CreateFirstAdminAsync(token, "ada", AccountBench.Password, Stop), StringComparison.Ordinal);
        Assert.False(await bench.Reader.HasAdminAsync(Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")]
    [InlineData("' OR 1=1 --")]
    public async Task A_made_up_token_is_refused(string token)
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.SetupTokens.EnsureAsync(Stop);

        Assert.NotNull(await bench.Writer.CreateFirstAdminAsync(token, "ada", AccountBench.Password, Stop));
        Assert.False(await bench.Reader.HasAdminAsync(Stop));
    }

    [Fact]
    public async Task Of_two_tokens_used_at_the_same_moment_one_makes_an_admin()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var tokens = new[] { await bench.SetupTokens.EnsureAsync(Stop), await bench.SetupTokens.EnsureAsync(Stop) };

        var answers = await Task.WhenAll(tokens.Select((token, i) => bench.Writer.CreateFirstAdminAsync(token ?? "", $"admin{i}", AccountBench.Password, Stop)));

        Assert.Single(answers, answer => answer is null);
        Assert.Single(await bench.Reader.ListAsync(Stop));
    }

    [Fact]
    public async Task An_admin_made_at_the_console_ends_every_token()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var token = Assert.IsType<string>(await bench.SetupTokens.EnsureAsync(Stop));
        await bench.MakeAsync("ada", AccountRole.Admin);

        Assert.Equal("This site already has an admin.", await bench.Writer.CreateFirstAdminAsync(token, "eve", AccountBench.Password, Stop));
    }
}
