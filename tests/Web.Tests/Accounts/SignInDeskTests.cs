using System.Net;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Tests.Accounts;

public sealed class SignInDeskTests(PostgresFixture postgres)
{
    private static readonly IPAddress Here = IPAddress.Loopback;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Name_in_any_case_and_the_password_let_in()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("Ada", AccountRole.Admin);

        Assert.Equal("Ada", (await bench.SignIn.TryAsync("aDa", AccountBench.Password, Here, Stop)).Account?.Name);
    }

    [Theory]
    [InlineData(null, AccountBench.Password)]
    [InlineData("nobody", AccountBench.Password)]
    [InlineData("ada", null)]
    [InlineData("ada", "")]
    [InlineData("ada", "correct horse battery ")]
    [InlineData("ada' --", AccountBench.Password)]
    [InlineData("ad\0", AccountBench.Password)]
    [InlineData("disabled", AccountBench.Password)]
    public async Task Anything_else_is_refused_alike(string? name, string? password)
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("ada", AccountRole.Admin);
        var disabled = await bench.MakeAsync("disabled", AccountRole.Player);
        Assert.Null(await bench.Writer.SetDisabledAsync(disabled.Id, true, Stop));

        Assert.Equal(SignInAnswer.Refused, await bench.SignIn.TryAsync(name, password, Here, Stop));
    }

    [Fact]
    public async Task WEB_16_five_wrong_passwords_pause_the_account_longer_each_time()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("ada", AccountRole.Admin);
        for (var i = 0; i < SignInDesk.FreeFailures; i++) await bench.SignIn.TryAsync("ada", "wrong password", Here, Stop);

        Assert.Null((await bench.SignIn.TryAsync("ada", AccountBench.Password, Here, Stop)).Account);
        bench.Clock.Advance(TimeSpan.FromSeconds(31));
        await bench.SignIn.TryAsync("ada", "wrong password", Here, Stop);
        bench.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Null((await bench.SignIn.TryAsync("ada", AccountBench.Password, Here, Stop)).Account);
        bench.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull((await bench.SignIn.TryAsync("ada", AccountBench.Password, Here, Stop)).Account);

        // A right password starts the count anew.
        await bench.SignIn.TryAsync("ada", "wrong password", Here, Stop);
        Assert.NotNull((await bench.SignIn.TryAsync("ada", AccountBench.Password, Here, Stop)).Account);
    }

    [Fact]
    public async Task WEB_16_the_pause_never_exceeds_sixteen_minutes()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("ada", AccountRole.Admin);
        for (var i = 0; i < 60; i++)
        {
            await bench.SignIn.TryAsync("ada", "wrong password", Here, Stop);
            bench.Clock.Advance(TimeSpan.FromMinutes(17));
        }

        Assert.NotNull((await bench.SignIn.TryAsync("ada", AccountBench.Password, Here, Stop)).Account);
    }

    [Fact]
    public async Task WEB_16_guesses_made_at_the_same_moment_count_one_by_one()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("ada", AccountRole.Admin);

        // The twentieth guess is right, but the account has paused long before.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            bench.SignIn.TryAsync("ada", "wrong password", Here, Stop), Stop)));

        Assert.All(answers, answer => Assert.Null(answer.Account));
        Assert.Equal(SignInDesk.FreeFailures, (await bench.Reader.FindAsync("ada", Stop))?.Failures);
    }

    [Fact]
    public async Task WEB_16_one_address_is_heard_ten_times_a_minute()
    {
        await using var bench = await AccountBench.CreateAsync(postgres, attemptsPerMinute: 10);
        await bench.MakeAsync("ada", AccountRole.Admin);
        var near = IPAddress.Parse("2001:db8::1");
        var sameNetwork = IPAddress.Parse("2001:db8::ffff:1");
        for (var i = 0; i < 10; i++) Assert.Null((await bench.SignIn.TryAsync($"guess{i}", "wrong password", near, Stop)).RetryAfter);

        var eleventh = await bench.SignIn.TryAsync("ada", AccountBench.Password, sameNetwork, Stop);

        Assert.Null(eleventh.Account);
        Assert.InRange(eleventh.RetryAfter ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.NotNull((await bench.SignIn.TryAsync("ada", AccountBench.Password, IPAddress.Parse("2001:db9::1"), Stop)).Account);
    }

    [Fact]
    public async Task A_reset_unlocks_the_account()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var ada = await bench.MakeAsync("ada", AccountRole.Admin);
        for (var i = 0; i < SignInDesk.FreeFailures; i++) await bench.SignIn.TryAsync("ada", "wrong password", Here, Stop);

        Assert.Null(await bench.Writer.SetPasswordAsync(ada, "another long password", Stop));

        Assert.Null((await bench.SignIn.TryAsync("ada", AccountBench.Password, Here, Stop)).Account);
        Assert.NotNull((await bench.SignIn.TryAsync("ada", "another long password", Here, Stop)).Account);
    }
}
