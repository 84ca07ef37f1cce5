using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Accounts.Data;
using ModelAtlas.Web.Accounts.Sessions;
using Npgsql;

namespace ModelAtlas.Web.Accounts;

/// <summary>Every change to an account. A refusal is a sentence for the person who asked; null means done.</summary>
internal sealed partial class AccountWriter(
    IDbContextFactory<AccountsDbContext> contexts, IPasswordHasher<string> hasher, SessionBook sessions, TimeProvider time, ILogger<AccountWriter> logger)
{
    private const int MostNamesakes = 99;

    // Held while admins are counted, so that two admins cannot demote each other at the same moment.
    private const long AdminCountLock = 0x41746C61_73410001;

    public async Task<string?> CreateAsync(string name, string password, AccountRole role, CancellationToken cancellationToken)
    {
        if ((AccountName.Complaint(name) ?? PasswordRule.Complaint(password, name)) is { } complaint) return complaint;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Accounts.Add(NewAccount(name, password, role));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException refused) when (refused.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return $"There is already an account named {name}.";
        }
        if (role is AccountRole.Admin) await db.SetupTokens.ExecuteDeleteAsync(cancellationToken);
        LogCreated(name, role);
        return null;
    }

    /// <summary>Trades a set-up token for the first admin. Both happen or neither does, and only one of several tokens ever works.</summary>
    public async Task<string?> CreateFirstAdminAsync(string token, string name, string password, CancellationToken cancellationToken)
    {
        if ((AccountName.Complaint(name) ?? PasswordRule.Complaint(password, name)) is { } complaint) return complaint;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await CountAdminsAloneAsync(db, cancellationToken);
        if (await db.Accounts.AnyAsync(row => row.Role == AccountRole.Admin && !row.Disabled, cancellationToken))
            return "This site already has an admin.";
        if (!await SetupToken.IsValidAsync(db, token, time, cancellationToken))
            return "This is not a set-up token that is still valid. ./atlas admin token prints a new one.";
        if (await db.Accounts.Named(name).AnyAsync(cancellationToken))
            return $"There is already an account named {name}.";
        db.Accounts.Add(NewAccount(name, password, AccountRole.Admin));
        await db.SaveChangesAsync(cancellationToken);
        await db.SetupTokens.ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogCreated(name, AccountRole.Admin);
        return null;
    }

    /// <summary>An account of somebody whom a provider vouches for, named as near to the wish as is free. Nobody knows its password, so that none opens it.</summary>
    public async Task CreateExternalAsync(string externalId, string? wish, AccountRole role, CancellationToken cancellationToken)
    {
        var name = AccountName.From(wish);
        for (var turn = 1; turn <= MostNamesakes; turn++)
        {
            var free = turn == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name[..Math.Min(name.Length, AccountName.MaxLength - 4)]}-{turn}");
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Accounts.Add(NewAccount(free, RandomToken.ForMachines(), role, externalId));
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException refused) when (refused.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: var constraint })
            {
                if (constraint?.Contains("external", StringComparison.Ordinal) is true) return; // the same person, in another window
                continue;
            }
            if (role is AccountRole.Admin) await db.SetupTokens.ExecuteDeleteAsync(cancellationToken);
            LogCreated(free, role);
            return;
        }
        throw new InvalidOperationException($"There are {MostNamesakes} accounts named like {name}.");
    }

    /// <summary>Sets a password, unlocks the account and ends its sessions.</summary>
    public async Task<string?> SetPasswordAsync(Account account, string password, CancellationToken cancellationToken)
    {
        if (PasswordRule.Complaint(password, account.Name) is { } complaint) return complaint;
        var hash = hasher.HashPassword(account.Name, password);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(row => row.Id == account.Id).ExecuteUpdateAsync(change => change
            .SetProperty(row => row.PasswordHash, hash)
            .SetProperty(row => row.Stamp, Guid.NewGuid())
            .SetProperty(row => row.Failures, 0)
            .SetProperty(row => row.LockedUntil, (DateTime?)null), cancellationToken);
        sessions.Recheck();
        LogPassword(account.Name);
        return null;
    }

    public Task<string?> SetRoleAsync(int id, AccountRole role, CancellationToken cancellationToken) =>
        ChangeAsync(id, keepsAdmin: role is AccountRole.Admin, rows => rows.ExecuteUpdateAsync(change => change
            .SetProperty(row => row.Role, role)
            .SetProperty(row => row.Stamp, Guid.NewGuid()), cancellationToken), cancellationToken);

    public Task<string?> SetDisabledAsync(int id, bool disabled, CancellationToken cancellationToken) =>
        ChangeAsync(id, keepsAdmin: !disabled, rows => rows.ExecuteUpdateAsync(change => change
            .SetProperty(row => row.Disabled, disabled)
            .SetProperty(row => row.Stamp, Guid.NewGuid()), cancellationToken), cancellationToken);

    public async Task SignOutEverywhereAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(row => row.Id == id)
            .ExecuteUpdateAsync(change => change.SetProperty(row => row.Stamp, Guid.NewGuid()), cancellationToken);
        sessions.Recheck();
    }

    private async Task<string?> ChangeAsync(int id, bool keepsAdmin, Func<IQueryable<Account>, Task<int>> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await CountAdminsAloneAsync(db, cancellationToken);
        if (!keepsAdmin && !await db.Accounts.AnyAsync(row => row.Id != id && row.Role == AccountRole.Admin && !row.Disabled, cancellationToken))
            return "This is the only admin: make another account an admin first.";
        if (await change(db.Accounts.Where(row => row.Id == id)) == 0) return "This account no longer exists.";
        await transaction.CommitAsync(cancellationToken);
        sessions.Recheck();
        LogChanged(id);
        return null;
    }

    private Account NewAccount(string name, string password, AccountRole role, string? externalId = null) => new()
    {
        ExternalId = externalId,
        Name = name,
        PasswordHash = hasher.HashPassword(name, password),
        Role = role,
        CreatedAt = time.GetUtcNow().UtcDateTime,
        Stamp = Guid.NewGuid(),
    };

    private static Task<int> CountAdminsAloneAsync(AccountsDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdminCountLock})", cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Name} was created as {Role}")]
    private partial void LogCreated(string name, AccountRole role);

    [LoggerMessage(Level = LogLevel.Information, Message = "The password of account {Name} was changed")]
    private partial void LogPassword(string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Id} was changed")]
    private partial void LogChanged(int id);
}
