using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Hosting;
using Npgsql;

namespace ModelAtlas.Web.Commands;

/// <summary>Accounts from this machine's console: for the first admin, and for whoever locked themselves out.</summary>
internal static class AdminCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder of the embedded database (default: .atlas beside the solution).", HelpName = "DIR", Recursive = true };
        return new("admin", "Make or mend the accounts of this site.") { data, CreateToken(data), CreateAccount(data), CreateReset(data) };
    }

    private static Command CreateToken(Option<string?> data)
    {
        var command = new Command("token", "Print a new one-time token for the /setup page, where the first admin is made.");
        command.SetAction((parsed, cancellationToken) => WithStoreAsync(parsed.GetValue(data), async store =>
        {
            var token = await store.GetRequiredService<SetupToken>().EnsureAsync(cancellationToken)
                ?? throw new CommandException("This site already has an admin: ./atlas admin reset NAME gives an account a new password, ./atlas admin create NAME makes another admin.");
            Console.WriteLine(token);
        }, cancellationToken));
        return command;
    }

    private static Command CreateAccount(Option<string?> data)
    {
        var name = new Argument<string>("NAME");
        var role = new Option<string>("--role") { Description = "admin (default) or player", DefaultValueFactory = _ => AccountRoles.Admin };
        role.Validators.Add(given =>
        {
            if (AccountRoles.Find(given.Tokens is [var token, ..] ? token.Value : AccountRoles.Admin) is null)
                given.AddError($"--role {given.Tokens[0].Value} is no role: give {AccountRoles.Admin} or {AccountRoles.Player}");
        });
        var command = new Command("create", "Make an account. The password is read from standard input, else made and printed once.") { name, role };
        command.SetAction((parsed, cancellationToken) => WithStoreAsync(parsed.GetValue(data), async store =>
        {
            var chosen = AccountRoles.Find(parsed.GetValue(role)) ?? AccountRole.Admin;
            var account = parsed.GetRequiredValue(name);
            var (password, made) = await PasswordAsync(cancellationToken);
            Refuse(await store.GetRequiredService<AccountWriter>().CreateAsync(account, password, chosen, cancellationToken));
            Console.WriteLine($"created {chosen.Name()} {account}{(made ? $" with password {password}" : "")}");
        }, cancellationToken));
        return command;
    }

    private static Command CreateReset(Option<string?> data)
    {
        var name = new Argument<string>("NAME");
        var command = new Command("reset", "Give an account a new password (standard input, else made and printed once), unlock it and sign it out everywhere.") { name };
        command.SetAction((parsed, cancellationToken) => WithStoreAsync(parsed.GetValue(data), async store =>
        {
            var account = await store.GetRequiredService<AccountReader>().FindAsync(parsed.GetRequiredValue(name), cancellationToken)
                ?? throw new CommandException($"There is no account named {parsed.GetRequiredValue(name)}: ./atlas admin create makes one.");
            var (password, made) = await PasswordAsync(cancellationToken);
            Refuse(await store.GetRequiredService<AccountWriter>().SetPasswordAsync(account, password, cancellationToken));
            Console.WriteLine($"reset {account.Role.Name()} {account.Name}{(made ? $" to password {password}" : "")}{(account.Disabled ? " (still disabled)" : "")}");
        }, cancellationToken));
        return command;
    }

    private static async Task<int> WithStoreAsync(string? data, Func<IServiceProvider, Task> act, CancellationToken cancellationToken)
    {
        var configuration = AtlasConfiguration.Load(data);
        using var loggers = AtlasLogging.CreateFactory(configuration);
        await using var database = await AtlasDatabase.OpenAsync(configuration, loggers, cancellationToken);
        await using var store = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(_ => NpgsqlDataSource.Create(database.ConnectionString))
            .AddAccountStore()
            .BuildServiceProvider();
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
