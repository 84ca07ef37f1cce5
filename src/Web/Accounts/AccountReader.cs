using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Accounts.Data;

namespace ModelAtlas.Web.Accounts;

internal sealed class AccountReader(IDbContextFactory<AccountsDbContext> contexts)
{
    /// <summary>Whether somebody can administer this site. A disabled admin cannot.</summary>
    public async Task<bool> HasAdminAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AnyAsync(row => row.Role == AccountRole.Admin && !row.Disabled, cancellationToken);
    }

    public async Task<Account?> FindAsync(string? name, CancellationToken cancellationToken)
    {
        if (!AccountName.IsValid(name)) return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().Named(name).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<Account?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<AccountRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.OrderBy(row => row.Role).ThenBy(row => row.Name).ThenBy(row => row.Id)
            .Select(row => new AccountRow(row.Id, row.Name, row.Role, row.CreatedAt, row.LockedUntil, row.Disabled))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>An account as a list shows it: nothing of its password.</summary>
internal sealed record AccountRow(int Id, string Name, AccountRole Role, DateTime CreatedAt, DateTime? LockedUntil, bool Disabled);

internal static class AccountQueries
{
    public static IQueryable<Account> Named(this IQueryable<Account> accounts, string? name)
    {
        var key = name?.ToLowerInvariant();
        return accounts.Where(row => EF.Property<string>(row, AccountConfiguration.NameKey) == key);
    }
}
