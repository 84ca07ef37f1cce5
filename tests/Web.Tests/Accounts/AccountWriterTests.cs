using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Tests.Accounts;

public sealed class AccountWriterTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_taken_in_every_letter_case()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("Ada", AccountRole.Player);

        Assert.Equal("There is already an account named aDA.", await bench.Writer.CreateAsync("aDA", AccountBench.Password, AccountRole.Player, Stop));
        Assert.Equal("Ada", (await bench.Reader.FindAsync("ADA", Stop))?.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-ada")]
    [InlineData("ada lovelace")]
    [InlineData("ada\0")]
    [InlineData("ada\n")]
    [InlineData("аda")]
    [InlineData("<b>ada")]
    [InlineData("a23456789012345678901234567890123")]
    public async Task A_name_that_could_be_mistaken_or_misread_is_refused(string name)
    {
        await using var bench = await AccountBench.CreateAsync(postgres);

        Assert.StartsWith("A name has 2 to 32 characters", await bench.Writer.CreateAsync(name, AccountBench.Password, AccountRole.Player, Stop), StringComparison.Ordinal);
        Assert.Null(await bench.Reader.FindAsync(name, Stop));
    }

    [Fact]
    public async Task The_only_admin_can_be_neither_demoted_nor_disabled()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        var ada = await bench.MakeAsync("ada", AccountRole.Admin);
        var bob = await bench.MakeAsync("bob", AccountRole.Player);
        const string refusal = "This is the only admin: make another account an admin first.";

        Assert.Equal(refusal, await bench.Writer.SetRoleAsync(ada.Id, AccountRole.Player, Stop));
        Assert.Equal(refusal, await bench.Writer.SetDisabledAsync(ada.Id, true, Stop));

        Assert.Null(await bench.Writer.SetRoleAsync(bob.Id, AccountRole.Admin, Stop));
        Assert.Null(await bench.Writer.SetRoleAsync(ada.Id, AccountRole.Player, Stop));
        Assert.Equal(refusal, await bench.Writer.SetDisabledAsync(bob.Id, true, Stop));
    }

    [Fact]
    public async Task Two_admins_who_demote_each_other_at_the_same_moment_leave_one()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        for (var round = 0; round < 5; round++)
        {
            var ada = await bench.MakeAsync($"ada{round}", AccountRole.Admin);
            var bob = await bench.MakeAsync($"bob{round}", AccountRole.Admin);
            foreach (var other in await bench.Reader.ListAsync(Stop))
                if (other.Id != ada.Id && other.Id != bob.Id && other.Role is AccountRole.Admin) await bench.Writer.SetRoleAsync(other.Id, AccountRole.Player, Stop);

            var answers = await Task.WhenAll(
                bench.Writer.SetRoleAsync(ada.Id, AccountRole.Player, Stop),
                bench.Writer.SetDisabledAsync(bob.Id, true, Stop));

            Assert.Single(answers, answer => answer is null);
            Assert.True(await bench.Reader.HasAdminAsync(Stop));
        }
    }

    [Fact]
    public async Task An_account_that_is_gone_says_so()
    {
        await using var bench = await AccountBench.CreateAsync(postgres);
        await bench.MakeAsync("ada", AccountRole.Admin);

        Assert.Equal("This account no longer exists.", await bench.Writer.SetRoleAsync(4711, AccountRole.Player, Stop));
    }
}
