using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.Sessions;
using Npgsql;

namespace ModelAtlas.Web.Tests.Accounts;

/// <summary>The accounts of one database without a site around them, under a clock that the test moves.</summary>
internal sealed class AccountBench : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly ServiceProvider _services;

    private AccountBench(string connection, FakeTimeProvider clock, int attemptsPerMinute)
    {
        Connection = connection;
        Clock = clock;
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(_ => NpgsqlDataSource.Create(connection))
            .AddAccountStore()
            .AddSingleton<AttemptLimits>()
            .AddSingleton<SignInDesk>()
            .Configure<AccountOptions>(options => options.AttemptsPerMinute = attemptsPerMinute)
            .Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000)
            .BuildServiceProvider();
    }

    public string Connection { get; }
    public FakeTimeProvider Clock { get; }
    public AccountReader Reader => _services.GetRequiredService<AccountReader>();
    public AccountWriter Writer => _services.GetRequiredService<AccountWriter>();
    public SetupToken SetupTokens => _services.GetRequiredService<SetupToken>();
    public SessionBook Sessions => _services.GetRequiredService<SessionBook>();
    public SignInDesk SignIn => _services.GetRequiredService<SignInDesk>();

    public static async Task<AccountBench> CreateAsync(PostgresFixture postgres, int attemptsPerMinute = 10_000) =>
        new(await postgres.CreateDatabaseAsync(), new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)), attemptsPerMinute);

    /// <summary>A second process on the same database and clock.</summary>
    public AccountBench Twin() => new(Connection, Clock, 10_000);

    public async Task<Account> MakeAsync(string name, AccountRole role)
    {
        Assert.Null(await Writer.CreateAsync(name, Password, role, TestContext.Current.CancellationToken));
        var account = await Reader.FindAsync(name, TestContext.Current.CancellationToken);
        return Assert.IsType<Account>(account);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
