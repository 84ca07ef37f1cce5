using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.Data;
using Npgsql;

namespace ModelAtlas.Web.Commands;

/// <summary>Accounts from this machine's console: for the first admin, and for whoever locked themselves out.</summary>
internal static class AdminCommand
{
    public static Command Create() => new("admin", "Make or mend the accounts of this site.")
    {
        CreateToken(),
        CreateAccount(),
        CreateReset(),
    };

    private static Command CreateToken()
    {
        var command = new Command("token", "Print a new one-time token for the /setup page, where the first admin is made.");
        command.SetAction((_, cancellationToken) => WithStoreAsync(async store =>
        {
            var token = await store.GetRequiredService<SetupToken>().EnsureAsync(cancellationToken)
                ?? throw new CommandException("This site already has an admin: ./atlas admin reset NAME gives an account a new password, ./atlas admin create NAME makes another admin.");
            Console.WriteLine(token);
        }, cancellationToken));
        return command;
    }

    private static Command CreateAccount()
    {
        var name = new Argument<string>("NAME");
        var role = new Option<string>("--role") { Description = "admin (default) or player", DefaultValueFactory = _ => AccountRoles.Admin };
        role.AcceptOnlyFromAmong(AccountRoles.Admin, AccountRoles.Player);
        var command = new Command("create", "Make an account. The password is read from standard input, else made and printed once.") { name, role };
        command.SetAction((parsed, cancellationToken) => WithStoreAsync(async store =>
        {
            var chosen = AccountRoles.Find(parsed.GetValue(role)) ?? AccountRole.Admin;
            var account = parsed.GetRequiredValue(name);
            var (password, made) = await PasswordAsync(cancellationToken);
            Refuse(await store.GetRequiredService<AccountWriter>().CreateAsync(account, password, chosen, cancellationToken));
            Console.WriteLine($"created {chosen.Name()} {account}{(made ? $" with password {password}" : "")}");
        }, cancellationToken));
        return command;
    }

    private static Command CreateReset()
    {
        var name = new Argument<string>("NAME");
        var command = new Command("reset", "Give an account a new password (standard input, else made and printed once), unlock it and sign it out everywhere.") { name };
        command.SetAction((parsed, cancellationToken) => WithStoreAsync(async store =>
        {
            var account = await store.GetRequiredService<AccountReader>().FindAsync(parsed.GetRequiredValue(name), cancellationToken)
                ?? throw new CommandException($"There is no account named {parsed.GetRequiredValue(name)}: ./atlas admin create makes one.");
            var (password, made) = await PasswordAsync(cancellationToken);
            Refuse(await store.GetRequiredService<AccountWriter>().SetPasswordAsync(account, password, cancellationToken));
            Console.WriteLine($"reset {account.Role.Name()} {account.Name}{(made ? $" to password {password}" : "")}{(account.Disabled ? " (still disabled)" : "")}");
        }, cancellationToken));
        return command;
    }

    private static async Task<int> WithStoreAsync(Func<IServiceProvider, Task> act, CancellationToken cancellationToken)
    {
        var connection = Environment.GetEnvironmentVariable("ConnectionStrings__Atlas")
            ?? throw new CommandException("ConnectionStrings__Atlas is not set: name the database whose accounts you mean.");
        await using var store = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(_ => NpgsqlDataSource.Create(connection))
            .AddAccountStore()
            .BuildServiceProvider();
        await AccountsMigrator.MigrateAsync(store.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
        await act(store);
        return 0;
    }

    private static void Refuse(string? complaint)
    {
        if (complaint is not null) throw new CommandException(complaint);
    }

    private static async Task<(string Password, bool Made)> PasswordAsync(CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected && await ReadLineAsync(Console.In, cancellationToken) is { Length: > 0 } given) return (given, false);
        return (PasswordRule.Generate(), true);
    }

    // Not every caller that redirects standard input ever writes to it or closes it.
    private static async Task<string?> ReadLineAsync(TextReader input, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(input.ReadLine, cancellationToken).WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
